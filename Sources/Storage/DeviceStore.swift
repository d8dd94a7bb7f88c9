public import Model

/// Device authorizations.
extension Storage {
    private static let columns =
        "digest, user_code, client_id, scopes, expiration, state, user_id, session_id, amr, auth_time"

    /// Stores a device authorization. The oldest pending ones are removed when there are more than 16 MiB of them.
    /// - Returns: false when the user code is taken; then nothing was kept.
    public func insert(_ device: DeviceAuthorization) throws(StorageError) -> Bool {
        let scopes = joined(device.scopes)
        return try write(endsTokens: false) { connection throws(StorageError) in
            let count = try connection.run(
                """
                INSERT INTO device_authorizations (digest, user_code, client_id, scopes, expiration, state)
                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (user_code) DO NOTHING
                """,
                [
                    .blob(device.digest), .text(device.userCode), .text(device.clientID), .text(scopes),
                    .integer(device.expiration), .text(device.state.rawValue),
                ])
            guard count == 1 else { return false }
            for digest in pendingDevices.add(device.digest, bytes: scopes.utf8.count) {
                _ = try connection.run(
                    "DELETE FROM device_authorizations WHERE digest = ? AND state = 'pending'", [.blob(digest)])
            }
            return true
        }
    }

    /// The authorization with this digest of a device code, whatever became of it.
    public func device(digest: [UInt8]) throws(StorageError) -> DeviceAuthorization? {
        try device("digest = ?", .blob(digest))
    }

    /// The authorization with this user code, whatever became of it.
    public func device(userCode: String) throws(StorageError) -> DeviceAuthorization? {
        try device("user_code = ?", .text(userCode))
    }

    /// All device authorizations that are kept, the newest first.
    public func devices() throws(StorageError) -> [DeviceAuthorization] {
        try read { connection throws(StorageError) in
            try connection.rows(
                "SELECT \(Self.columns) FROM device_authorizations ORDER BY expiration DESC, user_code", [], Self.device
            )
        }
    }

    private func device(_ condition: String, _ value: Value) throws(StorageError) -> DeviceAuthorization? {
        try read { connection throws(StorageError) in
            try connection.rows(
                "SELECT \(Self.columns) FROM device_authorizations WHERE \(condition)", [value], Self.device
            ).first
        }
    }

    /// Approves with somebody who signed in, or denies without.
    /// - Returns: whether it was still pending.
    public func decide(device userCode: String, _ authentication: Authentication?) throws(StorageError) -> Bool {
        let state: DeviceAuthorization.State = authentication == nil ? .denied : .approved
        return try write(endsTokens: false) { connection throws(StorageError) in
            try connection.run(
                """
                UPDATE device_authorizations SET state = ?, user_id = ?, session_id = ?, amr = ?, auth_time = ?
                WHERE user_code = ? AND state = 'pending'
                """,
                [
                    .text(state.rawValue), .optional(authentication?.userID), .optional(authentication?.sessionID),
                    .optional(authentication.map { joined($0.amr) }), authentication.map { .integer($0.time) } ?? .null,
                    .text(userCode),
                ]) == 1
        }
    }

    private static func device(_ row: Row) -> DeviceAuthorization {
        var device = DeviceAuthorization(
            digest: row.blob(0), userCode: row.text(1), clientID: row.text(2), scopes: separated(row.text(3)),
            expiration: row.integer(4))
        device.state = DeviceAuthorization.State(rawValue: row.text(5)) ?? .denied
        device.authentication = row.optionalText(6).map {
            Authentication(userID: $0, sessionID: row.text(7), amr: separated(row.text(8)), time: row.integer(9))
        }
        return device
    }
}
