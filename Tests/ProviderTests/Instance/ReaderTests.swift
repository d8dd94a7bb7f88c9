import Glibc
import Model
@testable import Provider
import Storage
import System
import TestSupport
import Testing

/// Readers never wait for a change.
@Suite struct ReaderTests {
    /// Longer than anything takes that does not wait.
    private static let patience: Int64 = 10_000

    @Test("while the next value is being made, the present one can be read; others who change it wait")
    func versioned() throws {
        let numbers = Versioned(1)
        let (isMaking, mayEnd) = (Monitor(false), Monitor(false))
        let first = try Thread {
            _ = try? numbers.change { number in
                isMaking.change { $0 = true }
                _ = mayEnd.wait { $0 ? true : nil }
                return (number + 1, ())
            }
        }
        _ = isMaking.wait { $0 ? true : nil }
        let second = try Thread { _ = try? numbers.change { ($0 * 10, ()) } }
        let read = Monitor<Int?>(nil)
        try Thread.detach {
            let number = numbers.value
            read.change { $0 = number }
        }
        #expect(read.wait(milliseconds: Self.patience) { $0 } == 1)
        mayEnd.change { $0 = true }
        first.join()
        second.join()
        #expect(numbers.value == 20)
    }

    @Test("a change that fails, or has no next value, leaves the value") func unchanged() throws {
        struct Refusal: Error {}
        let numbers = Versioned(1)
        #expect(throws: Refusal.self) { try numbers.change { _ -> (Int?, Void) in throw Refusal() } }
        let result = try numbers.change { (nil, $0) }
        #expect(result == 1)
        #expect(numbers.value == 1)
    }

    @Test("requests are answered while a change that the database has accepted waits for signing keys")
    func keys() throws {
        let storage = try Storage(path: Storage.inMemory)
        let (isGenerating, mayGenerate) = (Monitor(false), Monitor(false))
        var dependencies = TestDependencies().dependencies
        dependencies.newID = {
            isGenerating.change { $0 = true }
            _ = mayGenerate.wait { $0 ? true : nil }
            return "299999999999999999"
        }
        let instance = try Instance(storage: storage, dependencies: dependencies)
        let generating = try Thread { _ = try? instance.snapshot.keys.active() }
        _ = isGenerating.wait { $0 ? true : nil }
        let organization = Organization(
            id: "1", name: "ACME", primaryDomain: "acme.localhost", domains: [], state: .active,
            userLoginMustBeDomain: true)
        let changing = try Thread { _ = try? instance.change { _ in ([.put(.organization(organization))], ()) } }
        let end = MonotonicClock.microseconds() + Int64(Self.patience) * 1000
        while try storage.resources().organizations.isEmpty {
            try #require(MonotonicClock.microseconds() < end, "the change does not reach the database")
            sched_yield()
        }
        let count = Monitor<Int?>(nil)
        try Thread.detach {
            let found = instance.snapshot.resources.resources.organizations.count
            count.change { $0 = found }
        }
        #expect(count.wait(milliseconds: Self.patience) { $0 } == 0)
        mayGenerate.change { $0 = true }
        generating.join()
        changing.join()
        #expect(instance.snapshot.resources.organization(id: "1") == organization)
    }
}
