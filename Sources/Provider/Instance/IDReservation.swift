import Storage
import Synchronization

/// The ids that a database has seen: a mark in the database is always above all ids that were issued for it, so a process that opens it again
/// starts above the mark, even when the clock was set back or does not move.
final class IDReservation: Sendable {
    /// How far the mark is ahead when it is moved: three minutes of ids, so that it is written rarely.
    private static let step: Int64 = 180_000_000_000

    private let storage: Storage
    private let mark: Mutex<Int64>

    /// - Throws: `StorageError`
    init(_ storage: Storage, _ generator: IDGenerator) throws {
        self.storage = storage
        let stored = try storage.idHighWaterMark()
        generator.skip(to: stored)
        mark = Mutex(stored)
    }

    /// Makes sure that the mark in the database is above the id.
    func cover(_ id: Int64) {
        mark.withLock { mark in
            guard id >= mark else { return }
            // A database that cannot be written cannot keep what the id is for either.
            if (try? storage.setIDHighWaterMark(id + Self.step)) != nil { mark = id + Self.step }
        }
    }
}
