import Crypto
import Encodings
import Model
import Provider

/// `POST /mock/v1/assertions`: signs an assertion of an app or a service user.
enum AssertionCall {
    /// Whose assertion it is.
    private struct Party {
        let owner: RegisteredKey.Owner
        /// `iss` and `sub`.
        let subject: String
        /// As messages name it.
        let name: String
        /// The member that named it.
        let member: String
        /// Why it cannot have keys; nil when it can.
        let whyNoKeys: String?
        /// How it gets a key.
        let advice: String
    }

    static func run(_ request: ControlRequest) throws -> ControlReply {
        let body = request.checkedBody
        let party =
            try body.text("app").map { try partyOfApp($0, request) } ?? partyOfUser(body.text("user") ?? "", request)
        let key = try registeredKey(body.text("key"), of: party, request)
        let privateKey = try signingKey(body.text("privateKey"), of: key, request)
        let algorithm = body.choice("algorithm", SignatureAlgorithm.self)
        var mint = AssertionMinter.Request(
            subject: party.subject, keyID: key.id, key: privateKey,
            algorithm: algorithm ?? SignatureAlgorithm.allCases.first(where: privateKey.supports) ?? .rs256)
        mint.audience = body.textOrTexts("audience").map(request.references.projectIDs)
        mint.issuedAt = body.seconds("issuedAt") ?? 0
        mint.expiresIn = body.seconds("expiresIn") ?? 3600
        mint.claims = body.object("claims") ?? [:]
        mint.defect = body.choice("defect", AssertionDefect.self)
        do {
            return .ok(["assertion": .string(try AssertionMinter(request.context).mint(mint))])
        } catch is CryptographyFailure {
            throw Problem(
                .invalidBody, "the private key cannot sign with \(mint.algorithm.rawValue)", pointer: "/algorithm")
        }
    }

    private static func partyOfApp(_ reference: String, _ request: ControlRequest) throws -> Party {
        let app = try request.client(reference).app
        let hasKeys = app.authMethod == .privateKeyJWT
        return Party(
            owner: .app(app.id), subject: app.clientID, name: "app \"\(app.name)\"", member: "/app",
            whyNoKeys: hasKeys
                ? nil : "has authMethod \"\(app.authMethod.rawValue)\"; only apps with \"private_key_jwt\" have keys",
            advice: "POST \(ControlAPI.prefix)/apps/\(app.id)/keys makes one")
    }

    private static func partyOfUser(_ reference: String, _ request: ControlRequest) throws -> Party {
        let user = try request.user(reference)
        return Party(
            owner: .user(user.id), subject: user.id, name: "user \"\(user.userName)\"", member: "/user",
            whyNoKeys: user.machine == nil ? "is a human; only service users have keys" : nil,
            advice: "POST \(ControlAPI.prefix)/users/\(user.id)/keys makes one")
    }

    /// The key that was named, else the latest.
    private static func registeredKey(
        _ id: String?, of party: Party, _ request: ControlRequest
    ) throws(Problem) -> RegisteredKey {
        let keys = request.resources.keys(of: party.owner)
        guard let last = keys.last else {
            throw Problem(
                .invalidBody, "\(party.name) \(party.whyNoKeys ?? "has no keys; \(party.advice)")",
                pointer: party.member
            )
        }
        guard let id else { return last }
        guard let key = keys.first(where: { $0.id == id }) else {
            let known = keys.map { "\"\($0.id)\"" }.joined(separator: ", ")
            throw Problem(
                .invalidBody, "\"\(id.prefix(100))\" is not a key of \(party.name); it has \(known)", pointer: "/key")
        }
        return key
    }

    /// The private half of a key: what was sent, else what the server knows.
    private static func signingKey(
        _ pem: String?, of key: RegisteredKey, _ request: ControlRequest
    ) throws(Problem) -> PrivateKey {
        guard let pem else {
            if let known = request.instance.privateKey(of: key) { return known }
            throw Problem(
                .invalidBody,
                "the server does not have the private key of \(key.id), which was registered by its public half or before this start; send it in PEM as privateKey, or make a new key",
                pointer: "/privateKey")
        }
        if let given = PrivateKey(pem: pem) {
            guard let problem = given.publicKey.rsaProblem else { return given }
            throw Problem(.invalidBody, "privateKey is \(problem)", pointer: "/privateKey")
        }
        let hint =
            PrivateKey.isEncrypted(pem: pem)
            ? "is encrypted; remove its passphrase (openssl pkey -in KEY -out NEW)"
            : pem.first == "{"
                ? "is a key file; send its member \"key\" alone" : "is not a private key in PEM"
        throw Problem(.invalidBody, "privateKey \(hint)", pointer: "/privateKey")
    }
}
