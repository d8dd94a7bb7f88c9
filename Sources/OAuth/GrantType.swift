/// The values of `grant_type` that ZITADEL's token endpoint knows.
public enum GrantType: String, Sendable, CaseIterable {
    case authorizationCode = "authorization_code"
    case refreshToken = "refresh_token"
    case clientCredentials = "client_credentials"
    /// RFC 7523 section 2.1; ZITADEL calls it the JWT profile.
    case jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    /// RFC 8628
    case deviceCode = "urn:ietf:params:oauth:grant-type:device_code"
    /// RFC 8693
    case tokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange"

    /// The value without its URN prefix, for logs.
    public var name: String { rawValue.split(separator: ":").last.map(String.init) ?? rawValue }
}

/// The only `client_assertion_type` there is (RFC 7523 section 2.2).
public let clientAssertionTypeJWTBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
