/// The paths of ZITADEL's endpoints, which discovery names and the routes answer.
public enum EndpointPath {
    public static let discovery = "/.well-known/openid-configuration"
    public static let keys = "/oauth/v2/keys"
    public static let authorize = "/oauth/v2/authorize"
    public static let token = "/oauth/v2/token"
    public static let introspection = "/oauth/v2/introspect"
    public static let revocation = "/oauth/v2/revoke"
    public static let deviceAuthorization = "/oauth/v2/device_authorization"
    public static let userInfo = "/oidc/v1/userinfo"
    public static let endSession = "/oidc/v1/end_session"
}
