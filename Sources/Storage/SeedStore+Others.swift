import Encodings
import Model

/// What becomes of resources that were made through the API when a seed is loaded.
extension Storage {
    // MARK: Roles

    /// The roles that were added to projects of a seed, by project.
    static func addedRoles(
        _ projects: [Project], _ connection: Connection
    ) throws(StorageError) -> [String: [ProjectRole]] {
        let known = try seedRoles(connection)
        var added: [String: [ProjectRole]] = [:]
        for project in projects {
            guard let keys = known[project.id]?.exactStrings else { continue }
            let others = project.roles.filter { !keys.contains($0.key) }
            if !others.isEmpty { added[project.id] = others }
        }
        return added
    }

    /// The roles of projects that are of a seed, by project. Projects whose roles all are, are left out.
    public func seedRoles() throws(StorageError) -> [String: [String]] {
        try read { connection throws(StorageError) in try Self.seedRoles(connection) }
    }

    private static func seedRoles(_ connection: Connection) throws(StorageError) -> [String: [String]] {
        let rows = try connection.rows(
            "SELECT id, seed_roles FROM projects WHERE origin = 'seed' AND seed_roles IS NOT NULL"
        ) { ($0.text(0), strings($0.text(1))) }
        return Dictionary(rows) { first, _ in first }
    }

    static func setSeedRoles(
        of projects: [Project], except added: [String: [ProjectRole]], _ connection: Connection
    ) throws(StorageError) {
        for project in projects {
            let others = (added[project.id] ?? []).map(\.key).exactStrings
            let keys = project.roles.map(\.key).filter { !others.contains($0) }
            try connection.run(
                "UPDATE projects SET seed_roles = ?1 WHERE id = ?2 AND seed_roles IS NOT ?1",
                [json(keys), .text(project.id)])
        }
    }

    // MARK: Grants and names

    /// Grants lose what the seed no longer has, as they do when a call removes it; and no name may be there twice.
    static func adaptOthers(at time: Int64, _ connection: Connection) throws(StorageError) {
        let others = try ids(of: .api, connection)
        guard others.values.contains(where: { !$0.isEmpty }) else { return }
        let all = try resources(connection)
        for change in all.narrowedGrants { try apply(change, .api, at: time, connection) }
        let (users, organizations) = (others[.user] ?? [], others[.organization] ?? [])
        guard !users.isEmpty || !organizations.isEmpty else { return }
        try checkNames(all, others: users.union(organizations))
    }

    private static func checkNames(_ all: Resources, others: Set<String>) throws(StorageError) {
        var owners: [ExactString: (kind: String, id: String)] = [:]
        /// - Parameter key: what is unique, in lower case.
        func add(
            _ name: String, _ what: String, key: String, of kind: String, _ id: String
        ) throws(StorageError) {
            guard let other = owners.updateValue((kind, id), forKey: ExactString(what + "\0" + key)), other.id != id
            else { return }
            let (own, foreign) = others.contains(id) ? (other.id, id) : (id, other.id)
            throw .conflict(
                "\(kind) \(own) of the seed has the \(what) \"\(name)\" of \(kind) \(foreign), which was made through the API; use a fresh --database, or remove one of them"
            )
        }
        for organization in all.organizations {
            for domain in organization.allDomains where domain != Organization.sharedDomain {
                try add(domain, "domain", key: domain.lowercased(), of: "organization", organization.id)
            }
        }
        let organizations = Dictionary(all.organizations.map { ($0.id, $0) }) { first, _ in first }
        for user in all.users {
            guard let organization = organizations[user.organizationID] else { continue }
            let name = organization.loginNames(of: user.userName)[0]
            for key in organization.loginNameKeys(of: user.userName) {
                try add(name, "login name", key: key, of: "user", user.id)
            }
            guard !organization.userLoginMustBeDomain,
                let domain = Organization.parts(ofLoginName: user.userName.lowercased())?.domain,
                let owner = owners[ExactString("domain\0" + domain)], owner.id != organization.id
            else { continue }
            let (own, foreign) =
                others.contains(user.id) ? ("", ", which was made through the API,") : (" of the seed", "")
            throw .conflict(
                "user \(user.id)\(own) has the login name \"\(name)\"\(foreign) with a domain of organization \(owner.id); use a fresh --database, or rename that user"
            )
        }
    }
}

extension Resources {
    /// Adds roles to projects that do not have them.
    mutating func add(roles: [String: [ProjectRole]]) {
        guard !roles.isEmpty else { return }
        for index in projects.indices {
            guard let added = roles[projects[index].id] else { continue }
            let known = projects[index].roles.map(\.key).exactStrings
            projects[index].roles += added.filter { !known.contains($0.key) }
        }
    }
}
