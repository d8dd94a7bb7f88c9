import Encodings
import JOSE
import Model
import Provider
import ResourceFormat
import Storage

/// A call that changes resources: reads the body into the present state, makes all the changes or none, and answers with what came of it.
struct ResourceCall {
    let request: ControlRequest

    /// Makes the changes of a plan, while no other change can happen.
    /// - Throws: `Problem` of the plan, or one that says that a value is taken; errors of the server.
    @discardableResult
    func change<Result>(_ plan: (Snapshot) throws -> (changes: [Change], result: Result)) throws -> Result {
        do { return try request.instance.change(plan) } catch StorageError.conflict(let message) {
            throw Problem(.conflict, message)
        }
    }

    /// Reads an object as a resource.
    /// - Parameters:
    ///   - replaced: the id of the resource that is read anew; nil for a new one.
    ///   - read: reads the object with the decoder.
    /// - Throws: `Problem` with everything that is wrong.
    func decode(
        _ object: JSONObject, _ shape: Shape, in snapshot: Snapshot, replacing replaced: String? = nil,
        _ read: (ResourceDecoder, Node) throws(Problem) -> Void
    ) throws(Problem) -> DecodedResources {
        let diagnostics = Diagnostics()
        let location = SourceLocation(file: "")
        ShapeChecker(diagnostics).check(.object(object), shape, location)
        let dependencies = request.instance.dependencies
        let decoder = ResourceDecoder(
            DecodingEnvironment(
                now: request.context.now.seconds, randomBytes: dependencies.randomBytes,
                newID: { _, _ in dependencies.newID() }, opaqueTokenFormat: snapshot.opaqueTokenFormat),
            existing: snapshot.resources, replacing: replaced, diagnostics: diagnostics)
        // What more would be found is not shown.
        if diagnostics.allowsExpensiveCheck() { try read(decoder, Node(object: object, location: location)) }
        try Self.check(diagnostics)
        return decoder.decoded
    }

    /// Refuses one more of what a resource has many of already.
    /// - Parameter what: they, in a word.
    static func checkRoom(besides count: Int, _ what: String) throws(Problem) {
        guard count >= Shape.countLimit else { return }
        throw Problem(.tooMany, "there are \(Shape.countLimit) \(what) already; remove some")
    }

    static func check(_ diagnostics: Diagnostics) throws(Problem) {
        let problems = diagnostics.problems.map { (pointer: $0.pointer ?? "", detail: $0.message) }
        guard !problems.isEmpty else { return }
        var problem = Problem(invalidBody: problems)
        if diagnostics.problems.allSatisfy(\.isConflict) { problem.kind = .conflict }
        throw problem
    }

    /// Completes new resources: an app that authenticates by a secret and has none gets one.
    func completed(_ decoded: DecodedResources) -> DecodedResources {
        var decoded = decoded
        for index in decoded.resources.apps.indices {
            let app = decoded.resources.apps[index]
            guard [.basic, .post].contains(app.authMethod), app.secret == nil else { continue }
            let (secret, hash) = NewSecret.make(randomBytes: request.randomBytes)
            decoded.resources.apps[index].secret = hash
            decoded.secrets[app.id] = secret
        }
        return decoded
    }
}

extension JSONObject {
    /// The same with the secrets and tokens that were decoded, which are shown this once.
    func showing(_ decoded: DecodedResources) -> JSONObject {
        var copy = self
        for index in copy.members.indices {
            if let array = copy.members[index].value.array {
                copy.members[index].value = .array(
                    array.map { $0.object.map { .object($0.showing(decoded)) } ?? $0 })
            }
        }
        guard let id = self["id"]?.string else { return copy }
        if self["tokenHash"] != nil {
            if let token = decoded.generatedTokens[id] ?? decoded.secrets[id] { copy.append("token", .string(token)) }
        } else if self["type"] != nil, let secret = decoded.secrets[id] {
            copy.append("clientSecret", .string(secret))
        }
        return copy
    }
}
