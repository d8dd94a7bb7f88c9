import Model

/// What the rows of all resources have in common.
extension Storage {
    /// The tables with values that must be unique, and placeholders for these: values may change places between two resources, so those of all resources
    /// that are written are put aside first.
    private static let placeholders: [Resource.Kind: String] = [
        .organization: "name = 'moving:' || id", .project: "name = 'moving:' || id",
        .projectGrant: "organization_id = 'moving:' || id", .userGrant: "organization_id = 'moving:' || id",
        .app: "name = 'moving:' || id, client_id = 'moving:' || id",
        .user: "user_name = 'moving:' || id, lowercase_user_name = 'moving:' || id",
        .personalAccessToken: "digest = CAST('moving:' || id AS BLOB)",
    ]

    /// Puts the unique values of resources aside. To be called in a transaction, which checks references when it ends.
    static func freeUniqueValues(
        of resources: [Resource.Kind: [String]], _ connection: Connection
    ) throws(StorageError) {
        try connection.execute("PRAGMA defer_foreign_keys = ON")
        for (kind, ids) in resources {
            guard let placeholder = placeholders[kind] else { continue }
            try connection.run(
                "UPDATE \(kind.table) SET \(placeholder) WHERE id IN (SELECT value FROM json_each(?))", [json(ids)])
        }
    }

    /// Writes a row, or brings the row with the same id to these values.
    static func upsert(
        _ table: String, _ columns: [(name: String, value: Value)], _ connection: Connection
    ) throws(StorageError) {
        let names = columns.map(\.name)
        let values = columns.map(\.value)
        if let known = connection.upserts[table], known.names == names {
            try connection.run(known.text, values)
        } else {
            let text = upsertText(table, names)
            connection.upserts[table] = (names, text)
            try connection.run(text, values)
        }
    }

    private static func upsertText(_ table: String, _ names: [String]) -> String {
        let marks = names.map { _ in "?" }.joined(separator: ", ")
        let changes = names.filter { $0 != "id" }.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
        return
            "INSERT INTO \(table) (\(names.joined(separator: ", "))) VALUES (\(marks)) ON CONFLICT (id) DO UPDATE SET \(changes)"
    }

    static func common(_ id: String, _ placement: RowPlacement) -> [(name: String, value: Value)] {
        [
            ("id", .text(id)), ("origin", .text(placement.origin.rawValue)),
            ("position", .integer(Int64(placement.position))),
        ]
    }

    static func columns(_ secret: SecretHash?) -> [(name: String, value: Value)] {
        [
            ("secret_salt", secret.map { .blob($0.salt) } ?? .null),
            ("secret_digest", secret.map { .blob($0.digest) } ?? .null),
        ]
    }

    static func secret(_ row: Row, _ column: Int32) -> SecretHash? {
        row.optionalBlob(column).map { SecretHash(salt: $0, digest: row.blob(column + 1)) }
    }

    static func state(_ text: String) -> ResourceState { ResourceState(rawValue: text) ?? .inactive }
}
