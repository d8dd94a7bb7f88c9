import Crypto
import Encodings

/// Proof Key for Code Exchange (RFC 7636): who redeems an authorization code proves to be who asked for it.
///
/// A challenge is kept in the form of method `S256` whatever its method was: with `plain` the challenge is the verifier itself, and a database must not
/// hold what redeems its codes.
public enum PKCE {
    /// What is kept of a challenge; empty for none.
    public static func kept(_ challenge: String, method: CodeChallengeMethod) -> String {
        method == .s256 || challenge.isEmpty ? challenge : self.challenge(ofVerifier: challenge)
    }

    /// Section 4.2: the unpadded base64url of the verifier's SHA-256.
    public static func challenge(ofVerifier verifier: String) -> String {
        Base64.urlEncoded(Digest.sha256.hash(Array(verifier.utf8)))
    }

    /// Whether a challenge of method `S256` can have a verifier: it is the base64url of 32 bytes, without padding.
    public static func isPossible(challenge: String) -> Bool {
        challenge.utf8.count == 43 && Base64.urlDecoded(Array(challenge.utf8)) != nil
    }

    /// What becomes of a verifier.
    public enum Verification: Sendable {
        /// It is the one of the challenge, or there is neither.
        case verified
        /// There is no challenge that it could be the verifier of.
        case unexpected
        /// There is a challenge without it.
        case missing
        /// It is not the verifier of the challenge.
        case wrong
    }

    /// Section 4.6.
    /// - Parameters:
    ///   - verifier: the parameter `code_verifier`; empty when it was not sent.
    ///   - challenge: as `kept` made it; empty for none.
    public static func verify(_ verifier: String, against challenge: String) -> Verification {
        guard !challenge.isEmpty else { return verifier.isEmpty ? .verified : .unexpected }
        guard !verifier.isEmpty else { return .missing }
        let expected = self.challenge(ofVerifier: verifier)
        return constantTimeEqual(Array(expected.utf8), Array(challenge.utf8)) ? .verified : .wrong
    }
}
