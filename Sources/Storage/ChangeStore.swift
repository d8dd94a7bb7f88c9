import CSQLite
public import Model

/// Changes of resources while the server runs.
extension Storage {
    /// Applies changes in one transaction: all of them or, when one cannot be applied, none. Tokens follow: those of a removed user, for instance, are
    /// removed.
    /// - Parameters:
    ///   - origin: of new resources.
    ///   - time: for the details of the resources, in unix seconds.
    /// - Throws: `StorageError.conflict` when a value that must be unique is taken or a reference points nowhere; other `StorageError`s.
    public func apply(_ changes: [Change], origin: ResourceOrigin = .api, at time: Int64) throws(StorageError) {
        try write { connection throws(StorageError) in
            do throws(StorageError) {
                try connection.transaction { () throws(StorageError) in
                    if changes.count > 1 {
                        let resources = changes.compactMap { if case .put(let resource) = $0 { resource } else { nil } }
                        let ids = Dictionary(grouping: resources, by: \.kind).mapValues { $0.map(\.id) }
                        try Self.freeUniqueValues(of: ids, connection)
                    }
                    for change in changes { try Self.apply(change, origin, at: time, connection) }
                }
            } catch {
                guard case .sqlite(let code, let message) = error, code & 0xFF == SQLITE_CONSTRAINT else { throw error }
                throw .conflict(ConstraintMessage.of(message))
            }
        }
    }

    static func apply(
        _ change: Change, _ origin: ResourceOrigin, at time: Int64, _ connection: Connection
    ) throws(StorageError) {
        switch change {
        case .put(let resource):
            try put(resource, origin, connection)
            try touch(resource.kind, resource.id, at: time, connection)
        case .remove(let kind, let id):
            try connection.run("DELETE FROM \(kind.table) WHERE id = ?", [.text(id)])
        case .settings(let settings):
            try connection.run(
                "INSERT INTO settings VALUES ('instance', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                [json(settings)])
        case .putSigningKey(let key): try put(key, connection)
        case .removeSigningKey(let id): try connection.run("DELETE FROM signing_keys WHERE id = ?", [.text(id)])
        }
    }

    /// The position of rows that no seed orders: after all that one does, in the order in which they were made.
    static let lastPosition = Int(Int32.max)

    /// An existing row keeps its place and its origin.
    private static func put(
        _ resource: Resource, _ origin: ResourceOrigin, _ connection: Connection
    ) throws(StorageError) {
        let known = try connection.rows(
            "SELECT origin, position FROM \(resource.kind.table) WHERE id = ?", [.text(resource.id)],
            { RowPlacement(origin: ResourceOrigin(rawValue: $0.text(0)) ?? .api, position: Int($0.integer(1))) }
        ).first
        let placement = known ?? RowPlacement(origin: origin, position: lastPosition)
        switch resource {
        case .organization(let value): try upsert(value, placement, connection)
        case .project(let value): try upsert(value, placement, connection)
        case .projectGrant(let value): try upsert(value, placement, connection)
        case .app(let value): try upsert(value, placement, connection)
        case .user(let value): try upsert(value, placement, connection)
        case .userGrant(let value): try upsert(value, placement, connection)
        case .key(let value): try upsert(value, placement, connection)
        case .personalAccessToken(let value): try upsert(value, placement, connection)
        }
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
