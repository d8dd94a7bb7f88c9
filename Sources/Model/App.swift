import Encodings
import OAuth

/// An application of a project: a client of the introspection endpoint (API) or of the whole server (OpenID Connect).
public struct App: Sendable, Equatable {
    /// What an app is: the member `type`.
    public enum Kind: String, Sendable, CaseIterable {
        case api, oidc
    }

    public var id: String
    public var projectID: String
    public var name: String
    public var clientID: String
    public var state: ResourceState
    public var authMethod: AuthMethod
    public var secret: SecretHash?
    /// nil for an API app.
    public var oidc: OIDCSettings?

    public var kind: Kind { oidc == nil ? .api : .oidc }

    /// An authorization request for a code with the first redirect URI that works; nil for an app that nobody can sign in to with a code.
    public var signInPath: String? {
        guard state == .active, let oidc, oidc.redeemsCodes,
            let callback = oidc.redirectUris.first(where: { uri in
                oidc.violation(by: uri, for: .code) == nil && !OIDCSettings.isPattern(uri)
            })
        else { return nil }
        return
            "/oauth/v2/authorize?client_id=\(PercentEncoding.formEncoded(clientID))&response_type=code&scope=openid+profile&redirect_uri="
            + PercentEncoding.formEncoded(callback)
    }

    public init(
        id: String, projectID: String, name: String, clientID: String, state: ResourceState, authMethod: AuthMethod,
        secret: SecretHash?, oidc: OIDCSettings?
    ) {
        self.id = id
        self.projectID = projectID
        self.name = name
        self.clientID = clientID
        self.state = state
        self.authMethod = authMethod
        self.secret = secret
        self.oidc = oidc
    }
}
