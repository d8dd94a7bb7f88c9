public import Model

/// What users who were removed had been issued. A trigger notes it; it is kept as long as it would have been valid.
extension Storage {
    /// What the token or code with this digest was; nil for what was never issued, and for what still is.
    public func removedToken(digest: [UInt8]) throws(StorageError) -> RemovedToken? {
        try read { connection throws(StorageError) in
            try connection.rows("SELECT kind FROM remnants WHERE digest = ?", [.blob(digest)]) { $0.text(0) }
        }.first.flatMap(RemovedToken.init)
    }

    static func removeRemnants(before moment: Int64, _ connection: Connection) throws(StorageError) {
        try connection.run("DELETE FROM remnants WHERE expiration < ?", [.integer(moment)])
    }
}
