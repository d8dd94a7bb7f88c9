import OAuth

/// `/oauth/v2/token` (RFC 6749 section 3.2): the phases that every grant shares, in the order of the real server. Which grant, who is the client, may it.
public struct TokenEndpoint: Sendable {
    private static let serviceUserGrants: [any ServiceUserGrant] = [
        ClientCredentialsGrant(), JWTBearerGrant(),
    ]
    private static let clientGrants: [any ClientGrant] = [
        AuthorizationCodeGrant(), RefreshTokenGrant(), DeviceCodeGrant(), TokenExchangeGrant(),
    ]

    private let instance: Instance

    public init(_ instance: Instance) {
        self.instance = instance
    }

    /// - Returns: the answer, and the name of who got it.
    /// - Throws: `Rejection`, or other errors when the server fails.
    public func exchange(_ request: OAuthRequest) throws -> (response: TokenResponse, client: String) {
        let name = request.form.first("grant_type") ?? ""
        guard !name.isEmpty else {
            throw Rejection(
                .grantTypeMissing,
                "the parameter grant_type is missing; the body must be application/x-www-form-urlencoded, and say so in its Content-Type",
                value: "grant_type")
        }
        guard let type = GrantType(rawValue: name) else {
            throw Rejection(
                .grantTypeUnknown,
                "grant_type is \"\(name.shown)\"; known are \(GrantType.allCases.map(\.rawValue).joined(separator: ", "))",
                value: name)
        }
        let context = GrantContext(
            instance: instance, resourceIndex: instance.resourceIndex, request: request,
            now: instance.dependencies.now())
        if let grant = Self.serviceUserGrants.first(where: { $0.type == type }) { return try grant.exchange(context) }
        let credentials = try PresentedCredentials(request)
        let (client, warnings) = try ClientAuthenticator(resourceIndex: context.resourceIndex, now: context.now)
            .oidcClient(
                credentials, issuer: request.issuer)
        let allowed = client.app.oidc?.grantTypes ?? []
        guard allowed.contains(name), let grant = Self.clientGrants.first(where: { $0.type == type }) else {
            throw Rejection(
                .grantNotAllowed,
                "app \"\(client.app.name)\" has the grant types \(allowed.joined(separator: ", ")); add \"\(type.rawValue)\" to its grantTypes in the seed",
                value: name)
        }
        let response = try grant.exchange(context, client: client)
        return (TokenResponse(json: response.json, warnings: warnings + response.warnings), client.app.clientID)
    }

}
