import Crypto
import Encodings

/// PKCE (RFC 7636). A challenge is kept in the form of method `S256` whatever its method was: with `plain` the challenge is the verifier itself, and a
/// database must not hold what redeems its codes.
enum CodeChallenge {
    /// Any other method, in this spelling, counts as `plain`.
    static let s256 = "S256"

    /// What is kept of a challenge; empty for none.
    static func kept(_ challenge: String, method: String) -> String {
        method == s256 || challenge.isEmpty ? challenge : ofVerifier(challenge)
    }

    /// Section 4.2: the unpadded base64url of the verifier's SHA-256.
    static func ofVerifier(_ verifier: String) -> String { Base64.urlEncoded(Digest.sha256.hash(Array(verifier.utf8))) }
}
