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
            let hasKeys = request.query("signingKeys") == "true"
            return .ok(try document(request.resources.resources, request.instance, signingKeys: hasKeys))
        },
        ControlRoute(
            "PUT", "/seed", "Bring the instance to exactly this seed", query: [],
            body: .resource(.object(Formats.seed)), answer: .object(status: 200, StateShapes.loaded),
            problems: [.conflict]
        ) { request in
            let seed = try ControlSeed.read(request.body, at: request.context.now, request.randomBytes)
            try load(seed, request)
            return .ok(["madeTokens": madeTokens(seed)])
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
        if signingKeys { resources.signingKeys = try instance.snapshot.keys.records() }
        return ResourceEncoder(resources).seed
    }

    private static func load(_ seed: Seed, _ request: ControlRequest, keepingOrigins: Bool = false) throws {
        try ControlSeed.refusingConflicts {
            _ = try request.instance.load(seed.decoded, removesOthers: true, keepsOrigins: keepingOrigins)
        }
    }

    private static func patch(_ request: ControlRequest) throws -> ControlReply {
        let instance = request.instance
        func merged(_ resources: Resources) throws -> Seed {
            let merge = SeedMerge(present: resources, fragment: request.body)
            let document = merge.merged(into: try document(resources, instance))
            do {
                return try ControlSeed.read(document, at: request.context.now, request.randomBytes)
            } catch { throw merge.pointing(error) }
        }
        // A reset comes back to the seed with the addition, without what else was changed.
        let initial = try merged(instance.initialResources)
        let seed = try merged(request.resources.resources)
        try load(seed, request, keepingOrigins: true)
        try instance.setInitial(initial.decoded)
        return .ok(["madeTokens": madeTokens(seed)])
    }

    /// Personal access tokens that the seed gives no value, by id.
    private static func madeTokens(_ seed: Seed) -> JSON {
        var tokens = JSONObject()
        for (id, token) in seed.madeTokens.sorted(by: { $0.key < $1.key }) { tokens.append(id, .string(token)) }
        return .object(tokens)
    }
}
