import Encodings
import Model
import OAuth

/// RFC 6749 section 4.4. The client is a service user: its login name is the client id.
struct ClientCredentialsGrant: ServiceUserGrant {
    let type = GrantType.clientCredentials

    func exchange(_ context: RequestContext) throws -> JSONObject {
        let credentials = try PresentedCredentials(context)
        context.trace.client = credentials.clientID
        let user = try Self.authenticate(credentials, context)
        let scopes = try context.scopes(of: user)
        try user.assertActive()
        context.trace.client = user.userName
        return try context.issueToServiceUser(
            user, scopes, amr: ["pwd"],
            idTokenLifetime: context.behavior.clientCredentialsIDTokenLives ? .serverDefault : .none)
    }

    /// The service user whose login name and secret were sent.
    static func authenticate(_ credentials: PresentedCredentials, _ context: RequestContext) throws(Rejection) -> User {
        let user = try context.trace.unwrap(
            .client, context.resourceIndex.user(loginName: credentials.clientID),
            expected: "the login name of a service user", found: "\"\(credentials.clientID.shown)\"",
            or: unknown(credentials, context.resourceIndex))
        guard user.machine != nil else {
            throw Rejection(.userHasNoSecret, "\(user.userName) is a human; only service users have a client secret")
        }
        guard let hash = user.secret else {
            throw Rejection(
                .userHasNoSecret,
                "service user \(user.userName) has no client secret; give it a clientSecret in the seed, or use its key with jwt-bearer"
            )
        }
        let sent =
            credentials.secret.isEmpty
            ? "no secret was sent"
            : "the secret is not that of service user \(user.userName)\(credentials.whatWouldFit(hash, context.trace))"
        try context.trace.require(
            .secret, matches(credentials.secret, hash), expected: "the secret of service user \(user.userName)",
            found: credentials.secret.isEmpty ? "none" : "a secret",
            or: Rejection(.userBadSecret, sent, cause: "passwap: password does not match hash"))
        return user
    }

    /// What the caller probably meant by the client id.
    private static func unknown(_ credentials: PresentedCredentials, _ resourceIndex: ResourceIndex) -> Rejection {
        let id = credentials.clientID
        guard !id.isEmpty else {
            return Rejection(
                .userUnknown,
                "client_credentials takes the login name and secret of a service user; send an assertion with grant_type jwt-bearer"
            )
        }
        let shown = id.shown
        let users = resourceIndex.resources.users.lazy.filter { $0.machine != nil }
        let wanted = id.lowercased()
        if let user = resourceIndex.user(id: id) ?? users.first(where: { $0.userName.lowercased() == wanted }),
            user.machine != nil
        {
            let names = resourceIndex.loginNames(of: user).joined(separator: " or ")
            return Rejection(.userUnknown, "\(shown) is not a login name; did you mean \(names)?")
        }
        if let client = resourceIndex.client(id: id) {
            return Rejection(
                .userUnknown,
                "\(shown) is the app \"\(client.app.name)\"; client_credentials takes the login name of a service user")
        }
        if let near = Similarity.nearest(to: id, in: users.flatMap(resourceIndex.loginNames)) {
            return Rejection(
                .userUnknown, "there is no service user with the login name \(shown); did you mean \(near)?")
        }
        return Rejection(
            .userUnknown,
            "there is no service user with the login name \(shown); `mock-zitadel seed check --print` lists them")
    }
}
