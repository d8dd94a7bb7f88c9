import Encodings
public import Model

/// Organizations, projects, apps, users, keys: reading all of them.
extension Storage {
    /// All resources, each kind in the order of creation. Signing keys are read by `signingKeys()`.
    public func resources() throws(StorageError) -> Resources {
        try read { connection throws(StorageError) in try Self.resources(connection) }
    }

    static func resources(_ connection: Connection) throws(StorageError) -> Resources {
        var resources = Resources()
        if let settings = try connection.rows("SELECT value FROM settings WHERE name = 'instance'", [], { $0.text(0) })
            .first
        {
            resources.settings = instanceSettings(settings)
        }
        resources.organizations = try organizations(connection)
        resources.projects = try projects(connection)
        resources.projectGrants = try projectGrants(connection)
        resources.apps = try apps(connection)
        resources.users = try users(connection)
        resources.userGrants = try userGrants(connection)
        resources.keys = try keys(connection)
        resources.personalAccessTokens = try personalAccessTokens(connection)
        return resources
    }

    /// The ids of the resources that a seed made.
    public func seedIDs() throws(StorageError) -> [Resource.Kind: Set<String>] {
        try read { connection throws(StorageError) in try Self.ids(of: .seed, connection) }
    }

    static func ids(
        of origin: ResourceOrigin, _ connection: Connection
    ) throws(StorageError) -> [Resource.Kind: Set<String>] {
        var ids: [Resource.Kind: Set<String>] = [:]
        for kind in Resource.Kind.allCases {
            ids[kind] = Set(
                try connection.rows(
                    "SELECT id FROM \(kind.table) WHERE origin = ?", [.text(origin.rawValue)]
                ) { $0.text(0) })
        }
        return ids
    }
}
