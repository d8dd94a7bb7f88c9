import Encodings
import Model
import OAuth

/// RFC 6749 section 4.4. The client is a service user: its login name is the client id.
struct ClientCredentialsGrant: ServiceUserGrant {
    let type = GrantType.clientCredentials

    func exchange(_ context: RequestContext) throws -> JSONObject {
        let credentials = try PresentedCredentials(context)
        context.trace.client = credentials.clientID
        let user = try Self.authenticate(credentials, context.resourceIndex, context.trace)
        let scopes = try context.scopes(of: user)
        try user.assertActive()
        context.trace.client = user.userName
        return try context.issueToServiceUser(
            user, scopes, amr: ["pwd"],
            idTokenLife: context.behavior.clientCredentialsIDTokenLives ? .standard : .none)
    }

    /// The service user whose login name and secret these are.
    static func authenticate(
        _ credentials: PresentedCredentials, _ resourceIndex: ResourceIndex, _ trace: Trace
    ) throws(Rejection) -> User {
        guard let user = resourceIndex.user(loginName: credentials.clientID) else {
            throw unknown(credentials, resourceIndex)
        }
        guard user.machine != nil else {
            throw Rejection(.userHasNoSecret, "\(user.userName) is a human; only service users have a client secret")
        }
        guard let hash = user.secret else {
            throw Rejection(
                .userHasNoSecret,
                "service user \(user.userName) has no client secret; give it a clientSecret in the seed, or use its key with jwt-bearer"
            )
        }
        guard matches(credentials.secret, hash) else {
            let sent =
                credentials.secret.isEmpty
                ? "no secret was sent"
                : "the secret is not that of service user \(user.userName)\(credentials.whatWouldFit(hash, trace))"
            throw Rejection(.userBadSecret, sent, cause: "passwap: password does not match hash")
        }
        return user
    }

    /// What the caller probably meant by the client id.
    private static func unknown(_ credentials: PresentedCredentials, _ resourceIndex: ResourceIndex) -> Rejection {
        let id = credentials.clientID
        guard !id.isEmpty else {
            return Rejection(
                .userUnknown,
                "client_credentials takes the login name and secret of a service user; an assertion goes with grant_type jwt-bearer"
            )
        }
        let shown = id.shown
        let users = resourceIndex.resources.users.filter { $0.machine != nil }
        if let user = users.first(where: { $0.id == id || $0.userName.lowercased() == id.lowercased() }) {
            let names = resourceIndex.loginNames(of: user).joined(separator: " or ")
            return Rejection(.userUnknown, "\(shown) is no login name; did you mean \(names)?")
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
