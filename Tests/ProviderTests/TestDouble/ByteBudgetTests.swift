import Encodings
import Storage
import TestSupport
import Testing

@testable import Provider

/// The limits in bytes of what tests can make a server keep.
@Suite struct ByteBudgetTests {
    private static func entry(_ path: String) -> JournalEntry {
        JournalEntry(
            id: "1", time: Timestamp(seconds: 0), endpoint: "unknown", method: "GET", path: path, status: 404,
            microseconds: 1, client: nil, user: nil, grant: nil, tokenID: nil, rejection: nil, warnings: [],
            faultID: nil, detailsSize: 0, details: { .init(form: [], headers: []) })
    }

    @Test("an entry of the journal is freed as soon as it is dropped") func dropped() {
        let journal = Journal(capacity: 2, budget: ByteBudget(limit: 1 << 20))
        weak var first: JournalEntry?
        do {
            let entry = Self.entry("/first")
            first = entry
            journal.append(entry)
        }
        #expect(first != nil)
        journal.append(Self.entry("/"))
        journal.append(Self.entry("/"))
        #expect(first == nil)
        #expect(journal.entries().count == 2)
    }

    @Test("journals share a limit of memory, and each keeps a little") func journals() {
        let budget = ByteBudget(limit: 1 << 20)
        let busy = Journal(capacity: 10_000, budget: budget)
        for _ in 0..<2000 { busy.append(Self.entry(String(repeating: "p", count: 5000))) }
        #expect(budget.isExceeded == false && busy.byteCount > 900_000)
        let late = Journal(capacity: 10_000, budget: budget)
        for _ in 0..<2000 { late.append(Self.entry(String(repeating: "p", count: 5000))) }
        #expect(late.byteCount > 100_000 && late.byteCount <= 128 << 10)
        // What was cleared is free for others.
        busy.clear()
        for _ in 0..<2000 { late.append(Self.entry(String(repeating: "p", count: 5000))) }
        #expect(late.byteCount > 900_000)
    }

    @Test("faults are limited by bytes, whatever makes them large") func faults() {
        func fault(_ id: String, bytes: Int) -> Fault {
            Fault(
                id: id, match: Fault.Match(), limit: Fault.Limit(), action: Fault.Action(),
                source: ["do": ["body": .string(String(repeating: "x", count: bytes))]])
        }
        let budget = ByteBudget(limit: FaultTable.byteLimit)
        let table = FaultTable(budget: budget)
        #expect(table.add([fault("1", bytes: 8 << 20)]))
        #expect(!table.add([fault("2", bytes: 1000), fault("3", bytes: 8 << 20)]))
        #expect(table.all.map(\.fault.id) == ["1"], "all or none")
        table.remove(id: "1")
        #expect(table.add([fault("3", bytes: 8 << 20)]))
        do {
            let other = FaultTable(budget: budget)
            #expect(!other.add([fault("4", bytes: 8 << 20)]), "another instance takes from the same budget")
            table.clear()
            #expect(other.add([fault("4", bytes: 8 << 20)]))
            #expect(!table.add([fault("5", bytes: 8 << 20)]))
        }
        #expect(table.add([fault("5", bytes: 8 << 20)]), "an instance that is closed gives back what it took")
    }

    @Test("saved states share a limit of memory with those of other instances") func savedStates() throws {
        let server = try TestServer()
        let other = try server.instance.fresh()
        #expect(other.budgets.savedStates === server.instance.budgets.savedStates)
        #expect(try server.instance.copy().budgets.journals === server.instance.budgets.journals)
        let budget = server.instance.budgets.savedStates
        let isSaved = try server.instance.save("a")
        #expect(isSaved)
        let size = server.instance.savedStates.state("a")?.byteCount ?? 0
        #expect(size > 0)
        budget.take(budget.limit - size)
        let isReplaced = try server.instance.save("a")
        #expect(isReplaced, "one that takes no more than the one it replaces")
        let isSavedToo = try other.save("a")
        #expect(!isSavedToo)
        server.instance.savedStates.remove("a")
        let isSavedNow = try other.save("a")
        #expect(isSavedNow)
    }

    @Test("the lint findings truncates overlong names of clients") func lint() {
        let book = LintFindings(budget: ByteBudget(limit: 1 << 20))
        let name = String(repeating: "c", count: 100_000)
        for _ in 0..<2 {
            book.record([Warning(.noPKCE, name)], client: name, at: Timestamp(seconds: 0))
        }
        let finding = book.all.first
        #expect(finding?.count == 2)
        #expect((finding?.client?.utf8.count ?? 0) < 210)
        #expect((finding?.detail.utf8.count ?? 0) < 1100)
    }

    @Test("the findings of lint in all instances share a limit of bytes") func lintOfInstances() {
        let budget = ByteBudget(limit: 100_000)
        let book = LintFindings(budget: budget)
        let detail = String(repeating: "d", count: 1000)
        for number in 0..<1000 {
            book.record([Warning(.noPKCE, detail)], client: "c\(number)", at: Timestamp(seconds: 0))
        }
        #expect((60..<90).contains(book.all.count))
        let other = LintFindings(budget: budget)
        other.record([Warning(.noPKCE, detail)], client: "c", at: Timestamp(seconds: 0))
        #expect(other.all.isEmpty)
        book.record([Warning(.noPKCE, detail)], client: "c0", at: Timestamp(seconds: 1))
        #expect(book.all.first?.count == 2, "what is known is counted on")
        book.clear()
        other.record([Warning(.noPKCE, detail)], client: "c", at: Timestamp(seconds: 0))
        #expect(other.all.count == 1)
    }
}
