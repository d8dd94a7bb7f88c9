import Model
import OAuth

/// `/oauth/v2/token` (RFC 6749 section 3.2): the phases that every grant shares, in the order of the real server: which grant, which client, is the grant allowed.
public struct TokenEndpoint {
    private static let serviceUserGrants: [any ServiceUserGrant] = [ClientCredentialsGrant(), JWTBearerGrant()]
    private static let clientGrants: [any ClientGrant] = [
        AuthorizationCodeGrant(), RefreshTokenGrant(), DeviceCodeGrant(), TokenExchangeGrant(),
    ]

    private let context: RequestContext

    public init(_ context: RequestContext) {
        self.context = context
    }

    /// - Throws: `Rejection`, or other errors when the server fails.
    public func exchange() throws -> EndpointResult {
        let name = context.form.first("grant_type") ?? ""
        guard !name.isEmpty else {
            context.trace.client = PresentedCredentials.clientID(of: context)
            throw Rejection(.grantTypeMissing, missingGrantType, value: "grant_type")
        }
        context.trace.grantType = GrantType(rawValue: name)?.name ?? name.truncated
        guard let type = GrantType(rawValue: name) else {
            context.trace.client = PresentedCredentials.clientID(of: context)
            throw Rejection(
                .grantTypeUnknown, "grant_type is \"\(name.truncated)\"; \(Self.advice(onGrantType: name))", value: name
            )
        }
        if type != .tokenExchange { context.warnOfAudience() }
        if let grant = Self.serviceUserGrants.first(where: { $0.type == type }) {
            return .object(try grant.exchange(context))
        }
        let client = try ClientAuthenticator(context).oidcClient(try PresentedCredentials(context))
        let allowed = client.app.oidc?.grantTypes.map(\.rawValue) ?? []
        guard allowed.contains(name), let grant = Self.clientGrants.first(where: { $0.type == type }) else {
            throw Rejection(
                .grantNotAllowed,
                "app \"\(client.app.name)\" has the grant types \(allowed.joined(separator: ", ")); add \"\(type.rawValue)\" to its grantTypes in the seed",
                value: name)
        }
        return .object(try grant.exchange(context, client: client))
    }

    private static func advice(onGrantType name: String) -> String {
        guard name != "password" else {
            return
                "ZITADEL has no password grant: sign users in with authorization_code, or use a service user with client_credentials"
        }
        let known = GrantType.allCases.map(\.rawValue)
        return "known are \(known.joined(separator: ", "))\(name.hint(among: known))"
    }

    /// Where `grant_type` should have been.
    private var missingGrantType: String {
        let missing = "the parameter grant_type is missing"
        switch context.form.missingBody {
        case .empty: return "\(missing): the request has no body; send a form (application/x-www-form-urlencoded)"
        case .method, .mediaType: return missing + context.missingForm("grant_type")
        case nil: break
        }
        let isEmpty = context.form.first("grant_type") != nil
        return isEmpty
            ? "the parameter grant_type is empty" : "the form has no grant_type\(context.missingForm("grant_type"))"
    }
}
