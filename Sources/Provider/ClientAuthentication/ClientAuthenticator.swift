import Crypto
import Encodings
import JOSE
import Model
import OAuth

/// Whether the secret is the one that was hashed. Takes the same time wherever the first difference is.
func matches(_ secret: Secret, _ hash: SecretHash) -> Bool {
    constantTimeEqual(hash.digest, clientSecretDigest(secret.exposed, salt: hash.salt))
}

/// Finds out which client sent a request, and whether it really did.
struct ClientAuthenticator {
    let context: RequestContext

    init(_ context: RequestContext) {
        self.context = context
    }

    private var resourceIndex: ResourceIndex { context.resourceIndex }

    // MARK: Introspection: any app that has a secret or a key

    /// Authenticates a caller of the introspection endpoint: an API app or an OIDC app. Which method the app is configured for does not matter, only
    /// what it has.
    func introspectionClient(_ credentials: PresentedCredentials) throws(Rejection) -> Client {
        guard let text = credentials.assertion else {
            let client = try activeClient(credentials)
            try check(credentials, of: client)
            credentials.warnOfEncoding(context.trace)
            return client
        }
        return try assertingClient(text)
    }

    private func check(_ credentials: PresentedCredentials, of client: Client) throws(Rejection) {
        guard let hash = client.app.secret else {
            let keys = resourceIndex.keys(of: .app(client.app.id)).map(\.id).joined(separator: ", ")
            let instead =
                keys.isEmpty
                ? "and no keys either, so it cannot introspect; use an API app"
                : "send a client_assertion with one of its keys: \(keys)"
            throw Rejection(
                .noSecret, "\(client.described) has no secret; \(instead)", cause: .noConfiguredSecret)
        }
        try checkSecret(credentials, hash, of: client)
    }

    /// The client that made an assertion, however it is configured to authenticate.
    func assertingClient(_ text: String) throws(Rejection) -> Client {
        let assertion = try parsed(text)
        let client = try activeClient(of: assertion)
        try verifier(skew: 1).verify(assertion, owner: .app(client.app.id), ownerName: client.described)
        return client
    }

    // MARK: Token, revocation, device authorization: OIDC apps only

    /// Authenticates an OIDC app by its configured method.
    func oidcClient(_ credentials: PresentedCredentials) throws(Rejection) -> Client {
        let assertion: AssertionClaims? =
            if let text = credentials.assertion { try parsed(text) } else { nil }
        let client: Client
        if let assertion {
            client = try activeClient(of: assertion)
        } else {
            client = try activeClient(credentials)
        }
        guard let settings = client.app.oidc else {
            throw Rejection(
                .clientUnknown,
                "\(client.described) is an API app: it can introspect tokens, but not get or revoke them; use an OIDC app, or a service user with client_credentials"
            )
        }
        switch client.app.authMethod {
        case .none: break
        case .basic, .post:
            let secret = assertion == nil ? credentials.secret : Secret("")
            guard !secret.isEmpty else {
                throw Rejection(
                    .secretMissing,
                    "\(client.described) authenticates with its secret, and none was sent\(context.misspelling(of: "client_secret"))",
                    value: "secret")
            }
            try checkSecret(credentials, client.app.secret, of: client)
        case .privateKeyJWT:
            guard let assertion else {
                throw Rejection(
                    .clientAssertionMissing,
                    "\(client.described) authenticates by private_key_jwt, and no client_assertion was sent")
            }
            try verifier(skew: settings.clockSkew).verify(
                assertion, owner: .app(client.app.id), ownerName: client.described)
        }
        credentials.warnOfEncoding(context.trace)
        return client
    }

    // MARK: Shared

    private func parsed(_ text: String) throws(Rejection) -> AssertionClaims {
        do { return try AssertionClaims(text) } catch {
            throw Rejection(
                .assertionUnparsable, "client_assertion is not a JWT: \(context.kindOfAssertion(text) ?? error.why)")
        }
    }

    private func verifier(skew: Int64) -> AssertionVerifier {
        AssertionVerifier(context: context, skew: skew, parameter: "client_assertion")
    }

    private func checkSecret(
        _ credentials: PresentedCredentials, _ hash: SecretHash?, of client: Client
    ) throws(Rejection) {
        let isRight = hash.map { matches(credentials.secret, $0) } ?? false
        try context.trace.require(
            .secret, isRight, expected: "the secret of \(client.described)",
            found: isRight ? "that secret" : "another secret",
            or: Rejection(
                .badSecret,
                "the secret is not that of \(client.described)\(credentials.likelyMistake(hash, context.trace))",
                cause: .wrongSecret))
    }

    private func activeClient(of assertion: AssertionClaims) throws(Rejection) -> Client {
        try activeClient(assertion.issuer) {
            guard assertion.issuer.isEmpty else { return nil }
            let owner = resourceIndex.adviceOnKey(assertion.jws.keyID)
            return "the assertion has no iss; it must be the client id\(owner)"
        }
    }

    private func activeClient(_ credentials: PresentedCredentials) throws(Rejection) -> Client {
        let id = credentials.clientID
        if resourceIndex.client(id: id) == nil, let meant = resourceIndex.client(id: credentials.secret.exposed) {
            // The id is a secret.
            context.trace.client = meant.app.clientID
            throw Rejection(
                .clientUnknown,
                "id and secret are exchanged: the client id \(meant.app.clientID) is in the place of the secret",
                cause: .noRow)
        }
        return try activeClient(id) {
            credentials.likelyMistake(clientID: { resourceIndex.client(id: $0) != nil }, context.trace)
                .map { "there is no client \(id.truncated); \($0)" }
        }
    }

    /// - Parameter hint: the sentence for a client that is unknown; nil for the usual one.
    private func activeClient(_ id: String, hint: () -> String? = { nil }) throws(Rejection) -> Client {
        context.trace.client = id
        try refuseNUL(in: id, of: "the client id")
        let client = try context.trace.unwrap(
            .client, resourceIndex.client(id: id), expected: "the client id of an app", found: "\"\(id.truncated)\"",
            or: Rejection(.clientUnknown, hint() ?? Self.unknownClient(id, resourceIndex), cause: .noRow))
        try checkState(of: client)
        return client
    }

    /// - Throws: `Rejection` for an app that is inactive, or is part of something inactive.
    func checkState(of client: Client) throws(Rejection) {
        let level = client.inactiveLevel
        try context.trace.require(
            .clientState, level == nil, expected: "app, project and organization are active",
            found: level.map { "the \($0.rawValue) is inactive" } ?? "all are active",
            or: Rejection(
                .clientInactive,
                "\(client.described) \(level == .app ? "is inactive" : "is active, but its \(level?.rawValue ?? "") is not"); set its state to active in the seed",
                cause: .noRow))
    }

    /// What the caller probably meant.
    static func unknownClient(_ id: String, _ resourceIndex: ResourceIndex) -> String {
        let shown = id.truncated
        if Wrapping.isPlaceholder(id) { return "there is no client \(shown); it is a variable that was not filled in" }
        if let wrapping = Wrapping(id), resourceIndex.client(id: Wrapping.unwrapped(id)) != nil {
            return "there is no client \(shown); it \(wrapping.problem)"
        }
        if let app = resourceIndex.app(id: id) {
            return "\(shown) is the app id of \"\(app.name)\"; did you mean its client id \(app.clientID)?"
        }
        let named = resourceIndex.apps(named: id)
        if let app = named.first {
            let ids = named.prefix(5).map(\.clientID).quotedList
            return
                "\(shown) is the name of an app; did you mean its client id \(named.count == 1 ? app.clientID : ids)?"
        }
        if let message = LoginNameAdvice(resourceIndex: resourceIndex).message(aboutClientID: id) { return message }
        if let near = Similarity.nearest(to: id, in: resourceIndex.resources.apps.lazy.map(\.clientID)),
            let client = resourceIndex.client(id: near)
        {
            return "there is no client \(shown); did you mean \(near) (\"\(client.app.name)\")?"
        }
        return "there is no client \(shown); `mock-zitadel seed check --print` lists them"
    }
}
