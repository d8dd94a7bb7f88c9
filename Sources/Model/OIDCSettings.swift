public import OAuth

/// The settings of an OpenID Connect app.
public struct OIDCSettings: Sendable, Equatable {
    /// What kind of program the app is: ZITADEL's application types.
    public enum AppType: String, Sendable, CaseIterable {
        case web, native
        case userAgent = "user_agent"
    }

    public var appType: AppType
    public var redirectUris: [String] = []
    public var postLogoutRedirectUris: [String] = []
    public var additionalOrigins: [String] = []
    public var backChannelLogoutUri: String?
    public var responseTypes = [ResponseType.code]
    public var grantTypes = [OIDCGrantType.authorizationCode]
    public var accessTokenType = AccessTokenType.bearer
    public var accessTokenRoleAssertion = false
    public var idTokenRoleAssertion = false
    public var idTokenUserinfoAssertion = false
    public var devMode = false
    /// 0 to 5 seconds.
    public var clockSkew: Int64 = 0

    public init(appType: AppType) {
        self.appType = appType
    }
}
