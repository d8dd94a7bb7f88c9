import Crypto
import Encodings
import Model
import Provider

/// Reads the parameters of a scenario, and works out what it does.
struct ScenarioCall {
    struct Plan {
        /// As `POST /faults` takes them.
        var faults: [JSONObject] = []
        /// Changes something, and gives what changes it back.
        var change: (Instance) throws -> @Sendable (Instance) throws -> Void = { _ in { _ in } }
    }

    let request: ControlRequest
    let parameters: CheckedObject

    /// A new key signs. With `staleFor`, the published key set is the old one for so long, as behind a cache.
    func keyRotation() throws -> Plan {
        var plan = Plan()
        if let stale = parameters.milliseconds("staleFor") {
            let end = request.context.now.adding(milliseconds: stale)
            plan.faults = [
                Self.fault(
                    match: ["endpoint": .string("keys")],
                    when: ["until": .string(UTCDateTime(unix: end.seconds).rfc3339)],
                    do: ["staleKeys": .bool(true)])
            ]
        }
        plan.change = { instance in
            let key = try KeyRotation.newKey(instance.snapshot.keys.active().algorithm, instance)
            try instance.change { snapshot in
                (try SigningKeyRoutes.changes(putting: key, to: try snapshot.keys.records()), ())
            }
            // Clients have seen the new key, so it stays.
            return { _ in }
        }
        return plan
    }

    /// Introspection fails again and again: of `pass` plus `fail` requests in a row, the last `fail` get `status`.
    func introspectionFlaps() -> Plan {
        Plan(faults: [
            Self.fault(
                match: ["endpoint": .string("introspect")],
                when: ["pass": integer("pass", default: 2), "fail": integer("fail", default: 1)],
                do: ["status": integer("status", default: 503)])
        ])
    }

    /// Takes roles from a user: all, or those named, on all projects or one.
    func roleRevoked() throws(Problem) -> Plan {
        let user = try namedUser()
        let project = try parameters.text("project").map(request.project)
        let roles = parameters.texts("roles").map(Set.init)
        let grants = request.instance.snapshot.resources.userGrants(of: user.id).filter {
            project == nil || $0.projectID == project?.id
        }
        guard !grants.isEmpty else {
            throw Problem(.conflict, "\"\(user.userName)\" has no grant there", pointer: "/user")
        }
        try checkRoles(roles ?? [], Set(grants.map(\.projectID)))
        return Plan(change: { instance in
            let ids = Set(grants.map(\.id))
            // By grant: what was taken.
            let taken = try instance.change { snapshot -> ([Change], [String: [String]]) in
                var taken: [String: [String]] = [:]
                let changes = snapshot.resources.userGrants(of: user.id).filter { ids.contains($0.id) }.map { grant in
                    var grant = grant
                    taken[grant.id] = grant.roles.filter { roles?.contains($0) ?? true }
                    grant.roles = grant.roles.filter { !(roles?.contains($0) ?? true) }
                    return Change.put(.userGrant(grant))
                }
                return (changes, taken)
            }
            return { try Self.restore(taken, $0) }
        })
    }

    /// - Throws: `Problem` for a role that none of the projects has, so that nobody can lose it.
    private func checkRoles(_ roles: Set<String>, _ projects: Set<String>) throws(Problem) {
        let known = request.instance.snapshot.resources.resources.projects
            .filter { projects.contains($0.id) }.flatMap(\.roles).map(\.key)
        guard let unknown = roles.sorted().first(where: { !known.contains($0) }) else { return }
        let hint =
            Similarity.nearest(to: unknown, in: known).map { "did you mean \"\($0)\"?" }
            ?? "there are \(known.abridgedList)"
        throw Problem(
            .invalidBody, "\"\(unknown.prefix(200))\" is not a role of the project; \(hint)", pointer: "/roles")
    }

    /// Gives roles back that grants still lack and projects still have. What else was changed meanwhile stays.
    private static func restore(_ taken: [String: [String]], _ instance: Instance) throws {
        try instance.change { snapshot in
            let changes = taken.compactMap { id, roles -> Change? in
                guard var grant = snapshot.resources.userGrant(id: id) else { return nil }
                let known = Set(snapshot.resources.project(id: grant.projectID)?.roles.map(\.key) ?? [])
                let present = Set(grant.roles)
                let missing = roles.filter { known.contains($0) && !present.contains($0) }
                guard !missing.isEmpty else { return nil }
                grant.roles = missing + grant.roles
                return .put(.userGrant(grant))
            }
            return (changes, ())
        }
    }

    /// The clock of the server is off.
    func clockSkew() -> Plan {
        let offset = parameters.milliseconds("offset") ?? 90_000
        return Plan(change: { instance in
            let before = instance.clock.mode
            instance.clock.set(frozen: false) { _, real in real.adding(milliseconds: offset) }
            return { $0.clock.mode = before }
        })
    }

    /// Personal access tokens of a service user expire.
    func patExpires() throws(Problem) -> Plan {
        let user = try namedUser()
        guard !request.instance.snapshot.resources.personalAccessTokens(of: user.id).isEmpty else {
            throw Problem(.conflict, "\"\(user.userName)\" has no personal access tokens", pointer: "/user")
        }
        let end = request.context.now.adding(seconds: parameters.seconds("in") ?? 0).seconds
        return Plan(change: { instance in
            // By token: when it expired before.
            let before = try instance.change { snapshot -> ([Change], [String: Int64]) in
                let tokens = snapshot.resources.personalAccessTokens(of: user.id)
                let changes = tokens.map { token in
                    var token = token
                    token.expiration = end
                    return Change.put(.personalAccessToken(token))
                }
                return (changes, Dictionary(tokens.map { ($0.id, $0.expiration) }) { first, _ in first })
            }
            return { try Self.prolong(before, $0, from: end) }
        })
    }

    /// Gives tokens the end that they had, unless it was changed meanwhile.
    private static func prolong(_ before: [String: Int64], _ instance: Instance, from end: Int64) throws {
        try instance.change { snapshot in
            let changes = before.compactMap { id, expiration -> Change? in
                guard var token = snapshot.resources.personalAccessToken(id: id), token.expiration == end else {
                    return nil
                }
                token.expiration = expiration
                return .put(.personalAccessToken(token))
            }
            return (changes, ())
        }
    }

    /// Nothing works: every request of apps gets `status`, or its connection ends.
    func idpDown() -> Plan {
        let close = parameters.text("close").map { ["close": .string($0)] as JSONObject }
        return Plan(faults: [Self.fault(do: close ?? ["status": integer("status", default: 503)])])
    }

    /// After some requests, all get 429.
    func rateLimited() -> Plan {
        Plan(faults: [
            Self.fault(
                match: parameters.text("client").map { ["client": .string($0)] } ?? [:],
                when: ["after": integer("after", default: 0)],
                do: ["retryAfter": .string(parameters.text("retryAfter") ?? "5s")])
        ])
    }

    private static func fault(
        match: JSONObject = [:], when: JSONObject = [:], do action: JSONObject
    ) -> JSONObject {
        ["match": .object(match), "when": .object(when), "do": .object(action)]
    }

    private func integer(_ name: String, default: Int) -> JSON {
        .integer(Int64(parameters.integer(name) ?? `default`))
    }

    private func namedUser() throws(Problem) -> User { try request.user(parameters.text("user") ?? "") }
}
