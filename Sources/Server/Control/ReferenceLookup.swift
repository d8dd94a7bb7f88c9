import Model
import Provider

/// Finds resources by what a caller names them by: ids, or names that only one has.
struct ReferenceLookup {
    let resources: ResourceIndex

    func organization(_ reference: String) throws(Problem) -> Organization {
        if let organization = resources.organization(id: reference) { return organization }
        guard let organization = resources.organization(named: reference) else {
            throw Self.missing("organization", reference, "an id, or a name that only one has")
        }
        return organization
    }

    func project(_ reference: String) throws(Problem) -> Project {
        if let project = resources.project(id: reference) { return project }
        return try only(
            resources.projects(named: reference), "project", reference, "an id, or a name that only one has")
    }

    /// The ids of projects that are named by what only they are named; all else as it is.
    func projectIDs(_ references: [String]) -> [String] {
        references.map { reference in
            let matches = resources.projects(named: reference)
            return resources.project(id: reference)?.id ?? (matches.count == 1 ? matches[0].id : reference)
        }
    }

    /// By id, client id, or a name that only one app has.
    func app(_ reference: String) throws(Problem) -> App {
        if let app = resources.client(id: reference)?.app ?? resources.app(id: reference) { return app }
        return try only(
            resources.apps(named: reference), "app", reference, "an id, a client id, or a name that only one has")
    }

    func client(_ reference: String) throws(Problem) -> Client {
        let app = try app(reference)
        guard let client = resources.client(id: app.clientID) else {
            throw Self.missing("app", reference, "an id or a client id")
        }
        return client
    }

    func user(_ reference: String) throws(Problem) -> User {
        guard let user = resources.user(named: reference) else {
            let expected = "an id, a login name, or a user name that only one user has"
            guard let advice = resources.advice(onUserName: reference) else {
                throw Self.missing("user", reference, expected)
            }
            throw Problem(.notFound, "there is no user \"\(String(reference.prefix(200)))\": \(advice)")
        }
        return user
    }

    func projectGrant(_ id: String) throws(Problem) -> ProjectGrant {
        try found(resources.projectGrant(id: id), "project grant", id)
    }

    func userGrant(_ id: String) throws(Problem) -> UserGrant {
        try found(resources.userGrant(id: id), "user grant", id)
    }

    func key(_ id: String) throws(Problem) -> RegisteredKey {
        try found(resources.key(id: id), "key", id)
    }

    func personalAccessToken(_ id: String) throws(Problem) -> PersonalAccessToken {
        try found(resources.personalAccessToken(id: id), "personal access token", id)
    }

    private func found<Value>(_ value: Value?, _ kind: String, _ id: String) throws(Problem) -> Value {
        guard let value else { throw Self.missing(kind, id, "an id") }
        return value
    }

    private func only<Value>(
        _ matches: [Value], _ kind: String, _ reference: String, _ expected: String
    ) throws(Problem) -> Value {
        if matches.count == 1 { return matches[0] }
        if matches.isEmpty { throw Self.missing(kind, reference, expected) }
        throw Problem(
            .notFound,
            "there are \(matches.count) of the kind \(kind) that \"\(reference.prefix(200))\" names; send an id")
    }

    static func missing(_ kind: String, _ reference: String, _ expected: String) -> Problem {
        Problem(.notFound, "there is no \(kind) \"\(String(reference.prefix(200)))\"; expected \(expected)")
    }
}
