public import Crypto

extension SignatureAlgorithm {
    /// What ZITADEL accepts on assertions; anything else is rejected before a key is looked up.
    public static let ofAssertions: [SignatureAlgorithm] = [.rs256, .es256, .ps256]
}
