public import Model

/// What a grant uses up: it works once.
public enum SingleUseGrant: Sendable {
    /// by digest
    case code([UInt8])
    /// by digest
    case deviceCode([UInt8])
    case refreshToken(RefreshTokenRecord)
    /// An authorization request that is answered with tokens at once.
    case authRequest(id: String, Authentication)
}
