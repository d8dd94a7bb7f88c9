import Model
import OAuth

/// Who sent a request to an endpoint that is made for apps. A parameter `grant_type` counts there too, as on the real server: the client must have
/// that grant, and `client_credentials` makes it a service user.
enum RequestClient {
    case app(Client)
    case serviceUser(User)

    /// The client id, or the service user's name.
    var name: String {
        switch self {
        case .app(let client): client.app.clientID
        case .serviceUser(let user): user.userName
        }
    }

    /// - Throws: `Rejection`
    static func authenticated(_ context: RequestContext) throws(Rejection) -> RequestClient {
        let credentials = try PresentedCredentials(context)
        let grant = context.form.first("grant_type") ?? ""
        guard grant != GrantType.clientCredentials.rawValue else {
            context.trace.client = credentials.clientID
            return .serviceUser(
                try ClientCredentialsGrant.authenticate(credentials, context))
        }
        let client = try ClientAuthenticator(context).oidcClient(credentials)
        let allowed = client.app.oidc?.grantTypes.map(\.rawValue) ?? []
        guard grant.isEmpty || allowed.contains(grant) else {
            throw Rejection(
                .grantNotAllowed,
                "grant_type is \"\(grant.truncated)\"; this endpoint needs none, and app \"\(client.app.name)\" has \(allowed.quotedList)",
                value: grant)
        }
        return .app(client)
    }
}
