import Encodings
import Model
import OAuth

/// RFC 6749 section 4.4. The client is a service user: its login name is the client id.
struct ClientCredentialsGrant: ServiceUserGrant {
    let type = GrantType.clientCredentials

    func exchange(_ context: RequestContext) throws -> JSONObject {
        let credentials = try PresentedCredentials(context)
        let user = try Self.authenticate(credentials, context)
        let scopes = try context.scopes(of: user)
        try user.assertActive()
        return try context.issueToServiceUser(
            user, scopes, amr: ["pwd"],
            idTokenLifetime: context.behavior.clientCredentialsIDTokenHasLifetime ? .serverDefault : .none)
    }

    /// The service user whose login name and secret were sent.
    static func authenticate(_ credentials: PresentedCredentials, _ context: RequestContext) throws(Rejection) -> User {
        try refuseNUL(in: credentials.clientID, of: "the client id")
        let user = try context.trace.unwrap(
            .client, context.resourceIndex.user(loginName: credentials.clientID),
            expected: "the login name of a service user", found: "\"\(credentials.clientID.truncated)\"",
            or: unknown(credentials, context))
        context.trace.client = user.userName
        context.trace.user = user.userName
        guard user.machine != nil else {
            throw Rejection(
                .userHasNoSecret, "\(user.userName) is a human; only service users have a client secret")
        }
        guard let hash = user.secret else {
            throw Rejection(
                .userHasNoSecret,
                "service user \(user.userName) has no client secret; give it a clientSecret in the seed, or use its key with jwt-bearer"
            )
        }
        var sent: String {
            credentials.secret.isEmpty
                ? "no secret was sent\(context.misspelling(of: "client_secret"))"
                : "the secret is not that of service user \(user.userName)\(credentials.likelyMistake(hash, context.trace))"
        }
        try context.trace.require(
            .secret, matches(credentials.secret, hash), expected: "the secret of service user \(user.userName)",
            found: credentials.secret.isEmpty ? "none" : "a secret",
            or: Rejection(.userBadSecret, sent, cause: .wrongSecret))
        credentials.warnOfEncoding(context.trace)
        return user
    }

    /// What the caller probably meant by the client id.
    private static func unknown(_ credentials: PresentedCredentials, _ context: RequestContext) -> Rejection {
        let id = credentials.clientID
        let resourceIndex = context.resourceIndex
        guard !id.isEmpty else {
            let assertion = credentials.assertion.flatMap { try? AssertionClaims($0) }
            if let client = assertion.flatMap({ resourceIndex.client(id: $0.issuer) }) {
                return Rejection(
                    .userUnknown,
                    "the assertion is of app \"\(client.app.name)\", and client_credentials takes the login name and secret of a service user; apps get tokens when users sign in to them"
                )
            }
            return Rejection(
                .userUnknown,
                "client_credentials takes the login name and secret of a service user; send an assertion with grant_type jwt-bearer"
            )
        }
        if let meant = resourceIndex.user(loginName: credentials.secret.exposed) {
            // The id is a secret.
            context.trace.client = meant.userName
            return Rejection(
                .userUnknown,
                "id and secret are exchanged: the login name \(credentials.secret.exposed.truncated) is in the place of the secret"
            )
        }
        let shown = id.truncated
        let fits = { resourceIndex.user(loginName: $0) != nil }
        if let message = credentials.likelyMistake(clientID: fits, context.trace) {
            return Rejection(.userUnknown, "\(shown) is not a login name; \(message)")
        }
        let advice = LoginNameAdvice(resourceIndex: resourceIndex)
        if let message = advice.message(about: id, where: { $0.machine != nil }) {
            return Rejection(.userUnknown, message)
        }
        if let client = resourceIndex.client(id: id) {
            return Rejection(
                .userUnknown,
                "\(shown) is the app \"\(client.app.name)\"; client_credentials takes the login name of a service user")
        }
        let users = resourceIndex.resources.users.lazy.filter { $0.machine != nil }
        if let near = Similarity.nearest(to: id, in: users.flatMap(resourceIndex.loginNames)) {
            return Rejection(
                .userUnknown, "there is no service user with the login name \(shown); did you mean \(near)?")
        }
        return Rejection(
            .userUnknown,
            "there is no service user with the login name \(shown); `mock-zitadel seed check --print` lists them")
    }
}
