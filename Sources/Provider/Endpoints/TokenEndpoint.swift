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
                .grantTypeUnknown,
                "grant_type is \"\(name.truncated)\"; known are \(GrantType.allCases.map(\.rawValue).joined(separator: ", "))",
                value: name)
        }
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

    /// Where `grant_type` should have been.
    private var missingGrantType: String {
        let missing = "the parameter grant_type is missing"
        switch context.form.missingBody {
        case .empty: return "\(missing): the request has no body; send it in one of application/x-www-form-urlencoded"
        case .method, .mediaType: return missing + context.missingForm
        case nil: break
        }
        guard context.form.first("grant_type") == nil else { return "the parameter grant_type is empty" }
        // The whole of a JSON body is the name of a parameter.
        let isJSON = context.form.parameters.first?.name.drop(while: \.isWhitespace).hasPrefix("{") ?? false
        return isJSON
            ? "the form has no grant_type: the body is JSON; send name=value, joined by &"
            : "the form has no grant_type"
    }
}
