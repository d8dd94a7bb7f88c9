/// Something odd about a request that succeeded: it will fail elsewhere, or has no effect. Sent in the header `Mock-Warning`.
public struct Warning: Sendable, Equatable {
    /// The closed list of codes.
    public enum Code: String, Sendable, CaseIterable {
        // Client authentication
        case twoAuthMethods = "two-auth-methods"
        case secretInQuery = "secret-in-query"
        case basicNotEncoded = "basic-not-encoded"
        case audienceHasEndpoint = "aud-has-endpoint"

        // Authorization endpoint
        case noOpenID = "no-openid"
        case noPKCE = "no-pkce"
        case impossibleChallenge = "impossible-challenge"
        case noRefreshGrant = "no-refresh-grant"
        case parameterIgnored = "parameter-ignored"
        case redirectURIEncoded = "redirect-uri-encoded"

        // Token endpoint
        case verifierWithoutChallenge = "verifier-without-challenge"
        case scopeDropped = "scope-dropped"
        case audienceUnknown = "audience-unknown"
        case scopeNotNarrowed = "scope-not-narrowed"
        case grantNotAllowed = "grant-not-allowed"
        case instanceProjectAudience = "instance-project-audience"

        case rolesMissing = "roles-missing"

        // Revocation
        case nothingRevoked = "nothing-revoked"

        // Any endpoint
        case bodyNotRead = "body-not-read"
        case parameterRepeated = "parameter-repeated"
        case proxyHeaderIgnored = "proxy-header-ignored"

        // Introspection
        case scopeWithoutEffect = "scope-without-effect"

        // What a test says to this server
        case headerUnknown = "mock-header-unknown"
        case dialectUnknown = "mock-dialect-unknown"
        case instanceNotOpen = "instance-not-open"

        // Differences between server versions
        case codeOfOtherClient = "code_of_other_client"
        case refreshTokenOfOtherClient = "refresh_token_of_other_client"
        case exchangeUnbounded = "exchange-unbounded"
        case tokenCut = "token-cut"
        case oldServerVersion = "old-server-version"

        // What may come from a web page of a stranger
        case headerIgnored = "mock-header-ignored"
    }

    public let code: Code
    /// What is odd and what to do about it, for the reader of the log. No secret, no token.
    public let detail: String

    public init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = Masking.withoutTokens(detail)
    }
}
