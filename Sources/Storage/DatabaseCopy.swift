import Synchronization

/// A copy of a whole database, in memory.
public final class DatabaseCopy: Sendable {
    let connection: Mutex<Connection>
    /// Bytes that it takes.
    public let byteCount: Int

    /// - Throws: `StorageError`
    fileprivate init(of source: Connection) throws(StorageError) {
        let fresh = try Connection(path: Storage.inMemory)
        connection = Mutex(fresh)
        byteCount = try source.byteCount()
        try source.copy(to: connection.withLock { $0.reference })
    }
}

extension Storage {
    /// Bytes of the database.
    public func byteCount() throws(StorageError) -> Int {
        try read { connection throws(StorageError) in try connection.byteCount() }
    }

    /// A copy of everything that the database holds. Takes milliseconds.
    public func copy() throws(StorageError) -> DatabaseCopy {
        try write { connection throws(StorageError) in try DatabaseCopy(of: connection) }
    }

    /// Brings the database to what it was when the copy was made. The mark below which all ids were used stays, so that none comes twice.
    /// - Throws: `StorageError`; then the database is as it was.
    public func restore(_ copy: DatabaseCopy) throws(StorageError) {
        defer { tokenCache.invalidate() }
        let mark = try idHighWaterMark()
        try copy.connection.withLock { saved throws(StorageError) in
            try Self.setIDHighWaterMark(mark, saved)
            try write { connection throws(StorageError) in try saved.copy(to: connection.reference) }
        }
    }
}
