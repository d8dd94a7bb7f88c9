import OAuth

extension ReservedClaim {
    /// What to send to `/tokens` instead of the claim.
    var remedy: String {
        switch self {
        case .active: "use a defect"
        case .audience: "send audience"
        case .authenticationMethods: "send amr"
        case .authenticationTime, .issuedAt: "set the clock"
        case .authorizedParty, .clientID: "send app"
        case .expiration: "send expiresIn"
        case .issuer: "defect wrong-issuer makes another"
        case .notBefore: "set the clock, or use defect not-yet-valid"
        case .scope: "send scopes"
        case .subject, .userName: "send user"
        case .tokenID: "each token has its own"
        case .tokenType: "it is always Bearer"
        }
    }
}
