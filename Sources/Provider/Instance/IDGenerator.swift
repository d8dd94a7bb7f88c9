import Storage
import Synchronization

/// Time-ordered ids like those of ZITADEL: milliseconds since 2020, and six digits that count.
///
/// They follow the clock of the machine, never that of an instance, and one generator serves the whole process: an id is larger than all before
/// it, whatever the clock does. `reservation` keeps that promise across restarts.
final class IDGenerator: Sendable {
    static let shared = IDGenerator()

    /// 2020-01-01T00:00:00Z in milliseconds.
    private static let epoch: Int64 = 1_577_836_800_000
    /// Ids have at least 18 digits, and stay clear of the end of 64 bits.
    private static let range: ClosedRange<Int64> = 100_000_000_000_000_000...9_000_000_000_000_000_000

    /// A mark may be above the ids of any time, and a million more times before ids would end.
    private static let lastStart: Int64 = 9_200_000_000_000_000_000

    private let last = Mutex<Int64>(0)

    /// - Parameter time: of the machine.
    func next(at time: Timestamp) -> Int64 {
        let elapsed = max(0, time.milliseconds - Self.epoch)
        let candidate = min(max(elapsed.multipliedCapped(by: 1_000_000), Self.range.lowerBound), Self.range.upperBound)
        return last.withLock { last in
            last = max(last, candidate) + 1
            return last
        }
    }

    /// Makes all later ids larger than this one.
    func skip(to id: Int64) {
        last.withLock { $0 = max($0, min(id, Self.lastStart)) }
    }
}

extension Int64 {
    fileprivate func multipliedCapped(by other: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }
}
