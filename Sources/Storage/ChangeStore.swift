import CSQLite
public import Model

/// Changes of resources while the server runs.
extension Storage {
    /// Applies changes in one transaction: all of them or, when one cannot be applied, none. Tokens follow: those of a removed user, for instance, go.
    /// - Throws: `StorageError.conflict` when a value that must be unique is taken or a reference points nowhere; other `StorageError`s.
    public func apply(_ changes: [Change]) throws(StorageError) {
        try write { connection throws(StorageError) in
            do throws(StorageError) {
                try connection.transaction { () throws(StorageError) in
                    for change in changes { try Self.apply(change, connection) }
                }
            } catch {
                guard case .sqlite(let code, let message) = error, code & 0xFF == SQLITE_CONSTRAINT else { throw error }
                throw .conflict(message)
            }
        }
    }

    private static func apply(_ change: Change, _ connection: Connection) throws(StorageError) {
        switch change {
        case .put(let resource): try put(resource, connection)
        case .remove(let kind, let id):
            try connection.run("DELETE FROM \(kind.table) WHERE id = ?", [.text(id)])
        case .settings(let settings):
            try connection.run(
                "INSERT INTO settings VALUES ('instance', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                [json(settings)])
        }
    }

    /// A new row comes after all others and is marked as made by the API; an existing one keeps its place and its origin.
    private static func put(_ resource: Resource, _ connection: Connection) throws(StorageError) {
        let table = resource.kind.table
        let known = try connection.rows(
            "SELECT origin, position FROM \(table) WHERE id = ?", [.text(resource.id)], { ($0.text(0), $0.integer(1)) }
        ).first
        let last = try connection.rows("SELECT coalesce(max(position), -1) FROM \(table)", []) { $0.integer(0) }.first
        let position = Int(known?.1 ?? (last ?? -1) + 1)
        switch resource {
        case .organization(let value): try upsert(value, position, connection)
        case .project(let value): try upsert(value, position, connection)
        case .projectGrant(let value): try upsert(value, position, connection)
        case .app(let value): try upsert(value, position, connection)
        case .user(let value): try upsert(value, position, connection)
        case .userGrant(let value): try upsert(value, position, connection)
        case .key(let value): try upsert(value, position, connection)
        case .personalAccessToken(let value): try upsert(value, position, connection)
        }
        try connection.run(
            "UPDATE \(table) SET origin = ? WHERE id = ?", [.text(known?.0 ?? "api"), .text(resource.id)])
    }
}

extension Resource.Kind {
    var table: String {
        switch self {
        case .organization: "organizations"
        case .project: "projects"
        case .projectGrant: "project_grants"
        case .app: "apps"
        case .user: "users"
        case .userGrant: "user_grants"
        case .key: "keys"
        case .personalAccessToken: "personal_access_tokens"
        }
    }
}
