import Crypto
import Encodings
import HTTP
import Model
import Provider
import ResourceFormat

/// `/mock/v1/signingKeys`
enum SigningKeyRoutes {
    static let routes = [
        ControlRoute(
            "GET", "/signingKeys", "The signing keys, without their private parts", query: QueryParameter.paging,
            answer: .list(.object(SigningKeyShapes.key))
        ) { request in
            try .list(try request.context.snapshot.keys.records().map { ($0.id, $0) }, request) { json($0) }
        },
        ControlRoute(
            "POST", "/signingKeys", "Add a signing key, generated unless it is sent", query: [],
            body: .object(SigningKeyShapes.new, isRequired: false), answer: .object(status: 201, SigningKeyShapes.key),
            problems: [.conflict, .tooMany], create),
        ControlRoute(
            "POST", "/signingKeys/rotate", "Sign with a new key; the present one stays published", query: [],
            body: .object(SigningKeyShapes.rotation, isRequired: false),
            answer: .object(status: 201, SigningKeyShapes.key), problems: [.tooMany], rotate),
        ControlRoute(
            "PATCH", "/signingKeys/{kid}", "Change the state of a signing key", query: [],
            body: .object(SigningKeyShapes.change), answer: .object(status: 200, SigningKeyShapes.key),
            problems: [.conflict], patch),
        ControlRoute(
            "DELETE", "/signingKeys/{kid}", "Unpublish a signing key: its tokens become inactive", query: [],
            problems: [.conflict], remove),
    ]

    private static func json(_ key: SigningKey, showsPrivateKey: Bool = false) -> JSONObject {
        var object: JSONObject = [
            "id": .string(key.id), "algorithm": .string(key.algorithm.rawValue), "state": .string(key.state.rawValue),
        ]
        if let privateKey = PrivateKey(pem: key.privateKey) {
            object.append("publicKey", .string(privateKey.publicKey.pem))
        }
        if showsPrivateKey { object.append("privateKey", .string(key.privateKey)) }
        return object
    }

    private static func created(_ key: SigningKey) -> ControlReply {
        .created(json(key, showsPrivateKey: true), location: "\(ControlAPI.prefix)/signingKeys/\(key.id)")
    }

    private static func create(_ request: ControlRequest) throws -> ControlReply {
        let body = request.checkedBody
        var document = body.withoutNulls
        if !body.has("privateKey") {
            let algorithm = body.choice("algorithm", SignatureAlgorithm.self) ?? .rs256
            document.append("privateKey", .string(try PrivateKey.generate(for: algorithm).pem))
        }
        let call = ResourceCall(request: request)
        let key = try call.change { snapshot -> ([Change], SigningKey) in
            let decoded = try call.decode(document, .object(Formats.signingKey.shape), in: snapshot) { decoder, node in
                decoder.decodeSigningKey(node, path: [])
            }
            guard let key = decoded.resources.signingKeys.first else {
                throw Problem(.invalidBody, "the body is not a signing key")
            }
            let present = try snapshot.keys.records()
            guard !present.contains(where: { $0.id == key.id }) else {
                throw Problem(.conflict, "\"\(key.id)\" is already the id of a signing key", pointer: "/id")
            }
            return (try changes(putting: key, to: present), key)
        }
        return created(key)
    }

    private static func rotate(_ request: ControlRequest) throws -> ControlReply {
        let algorithm = request.checkedBody.choice("algorithm", SignatureAlgorithm.self)
        let key = try KeyRotation.newKey(
            algorithm ?? request.context.snapshot.keys.active().algorithm, request.instance)
        try ResourceCall(request: request).change { snapshot in
            (try changes(putting: key, to: try snapshot.keys.records()), ())
        }
        return created(key)
    }

    /// - Throws: `Problem` when there are too many keys.
    static func changes(putting key: SigningKey, to present: [SigningKey]) throws(Problem) -> [Change] {
        guard let changes = KeyRotation.changes(putting: key, to: present) else {
            throw Problem(.tooMany, "there are \(KeyRotation.limit) signing keys already; remove some")
        }
        return changes
    }

    private static func patch(_ request: ControlRequest) throws -> ControlReply {
        let state = request.checkedBody.choice("state", SigningKey.State.self)
        let id = request.path["kid"]
        let key = try ResourceCall(request: request).change { snapshot -> ([Change], SigningKey) in
            let present = try snapshot.keys.records()
            guard var key = present.first(where: { $0.id == id }) else {
                throw request.missing("signing key", id, "one of \(present.map(\.id).joined(separator: ", "))")
            }
            guard let state, state != key.state else { return ([], key) }
            try checkReplaced(key, present)
            key.state = state
            return (KeyRotation.demotions(for: key, among: present) + [.putSigningKey(key)], key)
        }
        return .ok(json(key))
    }

    private static func remove(_ request: ControlRequest) throws -> ControlReply {
        let id = request.path["kid"]
        try ResourceCall(request: request).change { snapshot in
            let present = try snapshot.keys.records()
            guard let key = present.first(where: { $0.id == id }) else { return ([], ()) }
            try checkReplaced(key, present)
            return ([.removeSigningKey(id: id)], ())
        }
        return .noContent
    }

    /// Refuses to leave the instance without a key that signs.
    private static func checkReplaced(_ key: SigningKey, _ present: [SigningKey]) throws(Problem) {
        guard key.state == .active, !present.contains(where: { $0.id != key.id && $0.state == .active }) else { return }
        throw Problem(
            .conflict, "\"\(key.id)\" is the key that signs; POST \(ControlAPI.prefix)/signingKeys/rotate first")
    }
}
