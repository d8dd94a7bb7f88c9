import CSQLite
import Encodings
public import Model

/// Bringing the database to what a seed says.
extension Storage {
    /// Makes the resources of the seed exactly those that the seed names: new ones are added, changed ones updated, and those that it names no longer
    /// are removed with their tokens. Resources that were made in another way, and issued tokens, stay.
    ///
    /// - Parameters:
    ///   - seed: what there shall be. Dates that a seed may leave out (`changeDate` of users, `creation` of personal access tokens) are those of the
    ///     first load, unless the seed says them.
    ///   - datedUsers: ids of users whose change date the seed says.
    ///   - datedTokens: ids of personal access tokens whose creation date the seed says.
    ///   - keepsPasswords: whether the passwords of the seed are those whose hashes are stored, so that these stay.
    ///   - generatedTokens: ids of personal access tokens whose value the seed does not say: an existing one keeps its value.
    ///   - removesOthers: whether resources that were made in another way are removed, too.
    ///   - keepsOrigins: whether the resources that were made in another way, and that the seed names, still count as such.
    ///   - time: for the details of resources that are new or change, in unix seconds.
    /// - Returns: the ids in `generatedTokens` that are new, whose values must be shown now or never.
    /// - Throws: `StorageError.conflict` when the seed and what was made in another way cannot be together.
    public func apply(
        seed: Resources, datedUsers: Set<String>, datedTokens: Set<String> = [], generatedTokens: Set<String>,
        keepsPasswords: Bool = false, removesOthers: Bool = false, keepsOrigins: Bool = false, at time: Int64 = 0
    ) throws(StorageError) -> Set<String> {
        try write { connection throws(StorageError) in
            do throws(StorageError) {
                return try connection.transaction { () throws(StorageError) in
                    let present = try Self.resources(connection)
                    var merged = Self.keepingDates(
                        of: present, in: seed, datedUsers: datedUsers, datedTokens: datedTokens,
                        generatedTokens: generatedTokens)
                    if keepsPasswords { Self.keepPasswords(of: present, in: &merged) }
                    let added = removesOthers && !keepsOrigins ? [:] : try Self.addedRoles(present.projects, connection)
                    if !keepsOrigins { merged.add(roles: added) }
                    try Self.removeMissing(seed, removesOthers ? ResourceOrigin.allCases : [.seed], connection)
                    let ids = keepsOrigins ? try Self.ids(of: .api, connection) : [:]
                    try Self.write(merged, connection)
                    try Self.touch(merged, before: present, at: time, connection)
                    try Self.mark(ids, .api, connection)
                    try Self.setSeedRoles(of: seed.projects, except: added, connection)
                    if !removesOthers { try Self.adaptOthers(at: time, connection) }
                    return generatedTokens.subtracting(present.personalAccessTokens.map(\.id))
                }
            } catch {
                guard case .sqlite(let code, let message) = error, code & 0xFF == SQLITE_CONSTRAINT else { throw error }
                throw .conflict(try SeedConflict(seed: seed, message: message).message(connection))
            }
        }
    }

    private static func mark(
        _ ids: [Resource.Kind: Set<String>], _ origin: ResourceOrigin, _ connection: Connection
    ) throws(StorageError) {
        for (kind, ids) in ids where !ids.isEmpty {
            try connection.run(
                "UPDATE \(kind.table) SET origin = ? WHERE id IN (SELECT value FROM json_each(?))",
                [.text(origin.rawValue), json(Array(ids))])
        }
    }

    /// Makes the resources exactly these, in this order. Tokens of users who stay are kept.
    /// - Parameter time: for the details of resources that are new or change, in unix seconds.
    public func replaceResources(by resources: Resources, at time: Int64) throws(StorageError) {
        try write { connection throws(StorageError) in
            try connection.transaction { () throws(StorageError) in
                let present = try Self.resources(connection)
                try Self.removeMissing(resources, ResourceOrigin.allCases, connection)
                try Self.write(resources, connection)
                try Self.touch(resources, before: present, at: time, connection)
            }
        }
    }

    private static func keepingDates(
        of present: Resources, in seed: Resources, datedUsers: Set<String>, datedTokens: Set<String>,
        generatedTokens: Set<String>
    ) -> Resources {
        var merged = seed
        let users = Dictionary(present.users.map { ($0.id, $0) }) { first, _ in first }
        for index in merged.users.indices where !datedUsers.contains(merged.users[index].id) {
            guard let old = users[merged.users[index].id] else { continue }
            var compared = merged.users[index]
            compared.secret = old.secret
            compared.changeDate = old.changeDate
            if compared == old { merged.users[index].changeDate = old.changeDate }
        }
        let active = Set(merged.users.filter { $0.state == .active }.map(\.id))
        let leaving = Set(present.users.filter { $0.state == .active }.map(\.id)).subtracting(active)
        let tokens = Dictionary(present.personalAccessTokens.map { ($0.id, $0) }) { first, _ in first }
        for index in merged.personalAccessTokens.indices {
            guard let old = tokens[merged.personalAccessTokens[index].id] else { continue }
            if !datedTokens.contains(old.id) { merged.personalAccessTokens[index].creation = old.creation }
            if generatedTokens.contains(old.id) { merged.personalAccessTokens[index].digest = old.digest }
            // A token that the seed gives another value is a new one.
            let isSame = old.digest == merged.personalAccessTokens[index].digest
            merged.personalAccessTokens[index].isEnded = isSame && (old.isEnded || leaving.contains(old.userID))
        }
        return merged
    }

    /// Keeps the stored hash of each password that is deferred in the seed.
    private static func keepPasswords(of present: Resources, in seed: inout Resources) {
        let secrets = Dictionary(present.users.map { ($0.id, $0.secret) }) { first, _ in first }
        for index in seed.users.indices where seed.users[index].secret?.isDeferred == true {
            guard let stored = secrets[seed.users[index].id] ?? nil, !stored.isDeferred else { continue }
            seed.users[index].secret = stored
        }
    }

    /// Removes the resources that the seed does not name. Signing keys that the server generated stay: clients cache them.
    private static func removeMissing(
        _ seed: Resources, _ origins: [ResourceOrigin], _ connection: Connection
    ) throws(StorageError) {
        let ids = Dictionary(grouping: seed.all, by: \.kind).mapValues { $0.map(\.id) }
        func remove(_ table: String, _ origin: ResourceOrigin, except ids: [String]) throws(StorageError) {
            try connection.run(
                "DELETE FROM \(table) WHERE origin = ? AND id NOT IN (SELECT value FROM json_each(?))",
                [.text(origin.rawValue), json(ids)])
        }
        // Organizations are the first kind: users who are removed with one are not removed alone.
        for kind in Resource.Kind.allCases {
            for origin in origins { try remove(kind.table, origin, except: ids[kind] ?? []) }
        }
        if origins == [.seed] || !seed.signingKeys.isEmpty {
            try remove("signing_keys", .seed, except: seed.signingKeys.map(\.id))
        }
        try freeUniqueValues(of: ids, connection)
    }

    private static func write(_ seed: Resources, _ connection: Connection) throws(StorageError) {
        try connection.run(
            "INSERT INTO settings VALUES ('instance', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            [json(seed.settings)])
        func write<Row>(
            _ rows: [Row], _ upsert: (Row, RowPlacement, Connection) throws(StorageError) -> Void
        ) throws(StorageError) {
            for (position, row) in rows.enumerated() {
                try upsert(row, RowPlacement(origin: .seed, position: position), connection)
            }
        }
        try write(seed.organizations, upsert)
        try write(seed.projects, upsert)
        try write(seed.projectGrants, upsert)
        try write(seed.apps, upsert)
        try write(seed.users, upsert)
        try write(seed.userGrants, upsert)
        try write(seed.keys, upsert)
        try write(seed.personalAccessTokens, upsert)
        try write(seed.signingKeys, upsert)
    }
}
