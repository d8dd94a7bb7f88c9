/// One check that the server made, with what it expected and what it found.
public struct Check: Sendable, Equatable {
    /// What is checked, in the order in which a request meets it.
    public enum Name: String, Sendable, CaseIterable {
        // Client authentication
        case client, clientState, secret
        // Assertions (RFC 7523 section 3)
        case assertionAudience, assertionExpiration, assertionIssuedAt, assertionSubject
        case assertionAlgorithm, assertionKey, assertionKeyExpiration, assertionSignature, assertionUser
        // Tokens
        case tokenFormat, tokenIssuer, tokenAlgorithm, tokenKey, tokenSignature, tokenExpiration, tokenIdentifier
        case tokenKnown, tokenEnded, tokenUser, tokenAudience
    }

    public let name: Name
    public let passed: Bool
    public let expected: String
    public let found: String
}
