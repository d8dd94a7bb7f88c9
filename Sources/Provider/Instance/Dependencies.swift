import Crypto
import Glibc
public import Storage

/// Everything that differs from run to run: time, ids, randomness.
public struct Dependencies: Sendable {
    public var now: @Sendable () -> Timestamp
    /// A new id: 18 digits, larger than all before it.
    public var newID: @Sendable () -> String
    public var randomBytes: @Sendable (_ count: Int) -> [UInt8]

    public init(
        now: @escaping @Sendable () -> Timestamp, newID: @escaping @Sendable () -> String,
        randomBytes: @escaping @Sendable (Int) -> [UInt8]
    ) {
        self.now = now
        self.newID = newID
        self.randomBytes = randomBytes
    }

    /// The system's clock, ids that follow it, and OpenSSL's random generator.
    public static func live() -> Dependencies {
        Dependencies(
            now: systemNow, newID: { String(IDGenerator.shared.next(at: systemNow())) },
            randomBytes: { Crypto.randomBytes($0) })
    }

    /// The same, with ids that are also unique in a database: larger than all that were ever issued for it.
    /// - Throws: `StorageError`
    public static func live(uniqueIn storage: Storage) throws -> Dependencies {
        let reservation = try IDReservation(storage, .shared)
        var dependencies = live()
        dependencies.newID = {
            let id = IDGenerator.shared.next(at: systemNow())
            reservation.cover(id)
            return String(id)
        }
        return dependencies
    }

    @Sendable
    private static func systemNow() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(time)
    }
}
