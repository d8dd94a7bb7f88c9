import System
import Testing

/// No test waits for a time: a function ends when the test lets it.
@Suite struct BackgroundWorkTests {
    /// What functions did, and whether they may end.
    private struct Run: Sendable {
        var begun: [Int] = []
        var ended: [Int] = []
        var mayEnd = false
    }

    private let run = Monitor(Run())

    /// A function that runs until the test lets it end.
    private func function(_ number: Int) -> @Sendable () -> Void {
        { [run] in
            run.change { $0.begun.append(number) }
            _ = run.wait { $0.mayEnd ? true : nil }
            run.change { $0.ended.append(number) }
        }
    }

    private func waitUntil(_ condition: @escaping (Run) -> Bool) -> Run? {
        run.wait(milliseconds: 20_000) { condition($0) ? $0 : nil }
    }

    @Test("functions run in their order, and no more at a time than there are threads") func order() {
        let work = BackgroundWork(threads: 2, byteLimit: 0)
        for number in 0..<6 { #expect(work.add(bytes: 0, function(number)) != nil) }
        #expect(waitUntil { $0.begun.count == 2 }.map { Set($0.begun) } == [0, 1])
        #expect(run.change { $0.begun.count } == 2)
        run.change { $0.mayEnd = true }
        #expect(waitUntil { $0.ended.count == 6 }.map { Set($0.ended) } == Set(0..<6))
    }

    @Test("what would wait beyond the bytes is refused until there is room") func limit() throws {
        let work = BackgroundWork(threads: 1, byteLimit: 100)
        #expect(work.add(bytes: 100, function(0)) != nil)
        // The first runs, so it does not wait any more.
        _ = try #require(waitUntil { $0.begun == [0] })
        let second = try #require(work.add(bytes: 60, function(1)))
        #expect(work.add(bytes: 41, function(2)) == nil)
        #expect(work.add(bytes: 40, function(3)) != nil)
        work.cancel(second)
        #expect(work.add(bytes: 61, function(4)) == nil)
        #expect(work.add(bytes: 60, function(5)) != nil)
        run.change { $0.mayEnd = true }
        #expect(waitUntil { $0.ended.count == 3 }?.ended == [0, 3, 5])
    }

    @Test("without threads a function runs at once") func immediate() {
        run.change { $0.mayEnd = true }
        #expect(BackgroundWork(threads: 0, byteLimit: 0).add(bytes: 1, function(0)) != nil)
        #expect(run.change { $0.ended } == [0])
    }
}
