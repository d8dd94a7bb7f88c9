import Model
import OAuth

/// RFC 6749 section 4.4. The client is a service user: its login name is the client id.
enum ClientCredentialsGrant: ServiceUserGrant {
    static let type = GrantType.clientCredentials

    static func exchange(_ context: GrantContext) throws -> (response: TokenResponse, client: String) {
        let credentials = try PresentedCredentials(context.request)
        let user = try authenticate(credentials, context.directory)
        let scopes = try context.scopes(of: user)
        try user.assertActive()
        let json = try context.issueToServiceUser(
            user, scopes.granted, amr: ["pwd"],
            idTokenLife: context.instance.facts.clientCredentialsIDTokenLives ? .full : .none)
        return (TokenResponse(json: json, warnings: credentials.warnings + scopes.warnings), user.userName)
    }

    private static func authenticate(
        _ credentials: PresentedCredentials, _ directory: Directory
    ) throws(Refusal) -> User {
        guard let user = directory.user(loginName: credentials.clientID) else { throw unknown(credentials, directory) }
        guard user.machine != nil else {
            throw Refusal(.userHasNoSecret, "\(user.userName) is a human; only service users have a client secret")
        }
        guard let hash = user.secret else {
            throw Refusal(
                .userHasNoSecret,
                "service user \(user.userName) has no client secret; give it a clientSecret in the seed, or use its key with jwt-bearer"
            )
        }
        guard isRight(credentials.secret, hash) else {
            let sent =
                credentials.secret.isEmpty
                ? "no secret was sent" : "the secret is not that of service user \(user.userName)"
            throw Refusal(.userBadSecret, sent, cause: "passwap: password does not match hash")
        }
        return user
    }

    /// What the caller probably meant by the client id.
    private static func unknown(_ credentials: PresentedCredentials, _ directory: Directory) -> Refusal {
        let id = credentials.clientID
        guard !id.isEmpty else {
            return Refusal(
                .userUnknown,
                "client_credentials takes the login name and secret of a service user; an assertion goes with grant_type jwt-bearer"
            )
        }
        let shown = id.shown
        let users = directory.resources.users.filter { $0.machine != nil }
        if let user = users.first(where: { $0.id == id || $0.userName.lowercased() == id.lowercased() }) {
            let names = directory.loginNames(of: user).joined(separator: " or ")
            return Refusal(.userUnknown, "\(shown) is no login name; did you mean \(names)?")
        }
        if let client = directory.client(id: id) {
            return Refusal(
                .userUnknown,
                "\(shown) is the app \"\(client.app.name)\"; client_credentials takes the login name of a service user")
        }
        if let near = Similarity.nearest(to: id, in: users.flatMap(directory.loginNames)) {
            return Refusal(.userUnknown, "there is no service user with the login name \(shown); did you mean \(near)?")
        }
        return Refusal(
            .userUnknown,
            "there is no service user with the login name \(shown); `mock-zitadel seed check --print` lists them")
    }
}
