import Crypto
import Encodings
import HTTP
import JOSE
import Model
import Provider
import ResourceFormat

/// `/mock/v1/keys`, and the keys of apps and service users
enum KeyRoutes {
    static let routes =
        [
            collection.listRoute("/users/{ref}/keys", "The keys of a service user") { request in
                try list(.user(try request.user(request.path["ref"]).id), request)
            },
            collection.createRoute(
                "/users/{ref}/keys", "Register or generate a key of a service user", body: newKey
            ) { request in
                try create(request) { lookup throws(Problem) in
                    let user = try lookup.user(request.path["ref"])
                    guard user.machine != nil else {
                        throw Problem(.invalidBody, "\"\(user.userName)\" is a human; only service users have keys")
                    }
                    return (.user(user.id), .serviceAccount(userID: user.id))
                }
            },
            collection.listRoute("/apps/{ref}/keys", "The keys of an app") { request in
                try list(.app(try request.references.app(request.path["ref"]).id), request)
            },
            collection.createRoute("/apps/{ref}/keys", "Register or generate a key of an app", body: newKey) {
                request in
                try create(request) { lookup throws(Problem) in
                    let app = try lookup.app(request.path["ref"])
                    guard app.authMethod == .privateKeyJWT else {
                        throw Problem(
                            .invalidBody,
                            "an app with authMethod \"\(app.authMethod.rawValue)\" has no keys; change it to \"private_key_jwt\" first"
                        )
                    }
                    return (.app(app.id), .application(appID: app.id, clientID: app.clientID))
                }
            },
        ] + collection.routes

    static let collection = ResourceCollection<RegisteredKey>(
        kind: .key, segment: "keys", shape: .object(Formats.key.shape),
        answered: [
            .may("app", .anyText, "The id of its app."), .may("user", .anyText, "The id of its user."),
            .may("keyFile", .anyObject, "The key file of a new pair of keys, shown this once."),
        ], id: { $0.id }, wrap: Resource.key,
        format: { _ in Formats.key }, encode: { _, value in Formats.key.encode(value) },
        readOnly: { key, _ in owner(of: key) },
        find: { lookup, reference throws(Problem) in try lookup.key(reference) },
        decode: { decoder, node, key, _ in
            // What a key file says of its owner was checked when the key was registered.
            decoder.decodeKey(node, owner: key.owner, fileOwner: .serviceAccount(userID: ""), path: [])
        },
        decoded: { $0.keys.first })

    /// A key of a seed, or nothing but an expiration for a new pair of keys.
    private static let newKeyShape = ObjectShape(name: "newKey", members: Formats.key.shape.members)
    private static let newKey = BodyDescription.resource(.object(newKeyShape), isRequired: false)

    private static func owner(of key: RegisteredKey) -> JSONObject {
        switch key.owner {
        case .app(let id): ["app": .string(id)]
        case .user(let id): ["user": .string(id)]
        }
    }

    private static func list(_ owner: RegisteredKey.Owner, _ request: ControlRequest) throws(Problem) -> ControlReply {
        try collection.list(request.resources.keys(of: owner), request)
    }

    private typealias Owners = (key: RegisteredKey.Owner, file: KeyFile.Owner)

    private static func create(
        _ request: ControlRequest, _ owners: (ReferenceLookup) throws(Problem) -> Owners
    ) throws -> ControlReply {
        let source = ["publicKey", "publicKeyFile", "jwk", "keyFile", "generate"]
        guard source.contains(where: { request.body[$0] != nil }) else { return try generate(request, owners) }
        return try collection.create(request) { decoder, node, lookup throws(Problem) in
            let owners = try owners(lookup)
            try ResourceCall.checkRoom(besides: lookup.resources.keys(of: owners.key).count, "keys")
            decoder.decodeKey(node, owner: owners.key, fileOwner: owners.file, path: [])
            guard let key = decoder.decoded.resources.keys.first else { return }
            if let problem = PublicKey(pem: key.publicKey)?.thoroughlyChecked.rsaProblem {
                throw Problem(.invalidBody, "is \(problem)", pointer: "")
            }
        }
    }

    /// Makes a pair of keys, and answers the private one this once.
    private static func generate(
        _ request: ControlRequest, _ owners: (ReferenceLookup) throws(Problem) -> Owners
    ) throws -> ControlReply {
        let body = try CheckedObject(request.body, as: newKeyShape)
        // It takes a while, so it is made before anybody has to wait for the change.
        _ = try owners(request.references)
        let privateKey = try PrivateKey.generate(for: .rs256)
        var document: JSONObject = ["publicKey": .string(privateKey.publicKey.pem)]
        document.members += body.withoutNulls.members
        let call = ResourceCall(request: request)
        let (key, file) = try call.change { snapshot in
            let owners = try owners(ReferenceLookup(resources: snapshot.resources))
            try ResourceCall.checkRoom(besides: snapshot.resources.keys(of: owners.key).count, "keys")
            let decoded = try call.decode(document, .object(Formats.key.shape), in: snapshot) { decoder, node in
                decoder.decodeKey(node, owner: owners.key, fileOwner: owners.file, path: [])
            }
            guard let key = decoded.resources.keys.first else { throw Problem(.serverFailure, "no key was made") }
            let file = KeyFile(
                keyID: key.id, privateKey: privateKey, owner: owners.file,
                expirationDate: UTCDateTime(unix: key.expiration).rfc3339)
            return ([.put(.key(key))], (key, file))
        }
        request.instance.remember(privateKeys: [key.id: privateKey])
        var answer = collection.object(key, request.resources)
        answer.append("keyFile", file.json)
        return .created(answer, location: "\(ControlAPI.prefix)/keys/\(key.id)")
    }
}
