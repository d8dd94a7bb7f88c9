import Storage
import Encodings
import Model
import Provider
import ResourceFormat
import Seeding

/// `/mock/v1/seed`
enum SeedRoutes {
    static let routes = [
        ControlRoute(
            "GET", "/seed", "The present state as a seed, secrets as hashes",
            query: [
                QueryParameter(
                    "signingKeys", .choice(noun: "an answer", ["true", "false"]),
                    "Whether the private signing keys are there, in clear. Default: false.")
            ], answer: .resource(status: 200, .object(Formats.seed))
        ) { request in
            let hasKeys = request.query.text("signingKeys") == "true"
            return .ok(try document(request.resources.resources, request.instance, signingKeys: hasKeys))
        },
        ControlRoute(
            "PUT", "/seed", "Bring the instance to exactly this seed", query: [],
            body: .resource(.object(Formats.seed)), answer: .object(status: 200, StateShapes.loaded),
            problems: [.conflict]
        ) { request in
            let seed = try ControlSeed.read(request.body, at: request.context.now, request.randomBytes)
            try ControlSeed.refusingConflicts { _ = try request.instance.load(seed.decoded) }
            return .ok(["madeTokens": .object(generatedTokens(seed))])
        },
        ControlRoute(
            "PATCH", "/seed", "Add a part of a seed to the present state", query: [],
            body: .patch(Formats.seed), answer: .object(status: 200, StateShapes.loaded),
            problems: [.conflict], patch),
    ]

    /// Resources as a seed that loads again to the same.
    /// - Parameter signingKeys: whether the private signing keys are part of it.
    static func document(
        _ resources: Resources, _ instance: Instance, signingKeys: Bool = false
    ) throws -> JSONObject {
        var resources = resources
        resources.users = resources.users.map(instance.passwords.resolved)
        if let name = resources.settings.autoLogin, ResourceIndex(resources).user(named: name) == nil {
            // Whom it named was removed or renamed, and a seed must name somebody.
            resources.settings.autoLogin = nil
        }
        if signingKeys { resources.signingKeys = try instance.snapshot.keys.records() }
        return ResourceEncoder(resources).seed
    }

    private static func patch(_ request: ControlRequest) throws -> ControlReply {
        let instance = request.instance
        if request.body["organizations"] == .null {
            throw Problem(.invalidBody, "is null; expected an array", pointer: "/organizations")
        }
        func merged(_ resources: Resources) throws -> Seed {
            let merge = SeedMerge(present: resources, fragment: request.body)
            let document = merge.merged(into: try document(resources, instance))
            do {
                return try ControlSeed.read(document, at: request.context.now, request.randomBytes)
            } catch { throw merge.pointing(error) }
        }
        var tokens: JSON = .object([:])
        try ControlSeed.refusingConflicts {
            try instance.extend { present, initial in
                let seed = try merged(present)
                tokens = .object(generatedTokens(seed))
                if initial == present { return (seed.decoded, seed.decoded) }
                // What needs a resource that a reset removes cannot be part of what a reset comes back to.
                let base = (try? merged(initial)).map { $0.decoded.with(secretsOf: seed.decoded) }
                return (seed.decoded, base)
            }
        }
        return .ok(["madeTokens": tokens])
    }

    /// Personal access tokens that the seed gives no value, by id.
    static func generatedTokens(_ seed: Seed) -> JSONObject {
        var tokens = JSONObject()
        for (id, token) in seed.generatedTokens.sorted(by: { $0.key < $1.key }) { tokens.append(id, .string(token)) }
        return tokens
    }
}

extension DecodedResources {
    /// The same with the salted secrets and the random tokens of another reading of the same document.
    fileprivate func with(secretsOf other: DecodedResources) -> DecodedResources {
        var copy = self
        let apps = Dictionary(other.resources.apps.map { ($0.id, $0.secret) }) { first, _ in first }
        let users = Dictionary(other.resources.users.map { ($0.id, $0.secret) }) { first, _ in first }
        let tokens = Dictionary(other.resources.personalAccessTokens.map { ($0.id, $0.digest) }) { first, _ in first }
        for index in copy.resources.apps.indices where other.secrets[copy.resources.apps[index].id] != nil {
            copy.resources.apps[index].secret = apps[copy.resources.apps[index].id] ?? nil
        }
        for index in copy.resources.users.indices {
            let user = copy.resources.users[index]
            guard other.secrets[user.id] != nil || user.secret?.isDeferred == true else { continue }
            copy.resources.users[index].secret = users[user.id] ?? nil
        }
        for index in copy.resources.personalAccessTokens.indices
        where other.generatedTokens[copy.resources.personalAccessTokens[index].id] != nil {
            let id = copy.resources.personalAccessTokens[index].id
            copy.resources.personalAccessTokens[index].digest = tokens[id] ?? []
        }
        return copy
    }
}
