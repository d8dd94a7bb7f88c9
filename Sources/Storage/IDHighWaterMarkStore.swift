/// The mark below which all ids were used, so that none comes twice.
extension Storage {
    /// A number above all ids that were issued for this database; 0 when none was.
    public func idHighWaterMark() throws(StorageError) -> Int64 {
        try read { connection throws(StorageError) in
            try connection.rows("SELECT value FROM settings WHERE name = 'id_mark'") { $0.text(0) }.first
        }.flatMap { Int64($0) } ?? 0
    }

    /// Keeps a number above all ids that were issued.
    public func setIDHighWaterMark(_ mark: Int64) throws(StorageError) {
        try write(endsTokens: false) { connection throws(StorageError) in try Self.setIDHighWaterMark(mark, connection)
        }
    }

    static func setIDHighWaterMark(_ mark: Int64, _ connection: Connection) throws(StorageError) {
        try connection.run(
            "INSERT INTO settings VALUES ('id_mark', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            [.text(String(mark))])
    }
}
