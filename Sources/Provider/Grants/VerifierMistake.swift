import Encodings
import Model
import OAuth

extension AuthRequest {
    /// By which mistake a code verifier does not fit the challenge, in words that follow "code_verifier"; nil when none of the usual ones explains it.
    func mistake(ofVerifier verifier: String) -> String? {
        if let wrapping = Wrapping(verifier),
            PKCE.verify(Wrapping.unwrapped(verifier), against: codeChallenge) == .verified
        {
            return wrapping.problem
        }
        if codeChallengeMethod == .s256, verifier.hasSameBytes(as: codeChallenge) {
            return
                "is the code_challenge itself, which with the method S256 is a hash: either the challenge was sent without hashing, or here instead of the verifier"
        }
        let expected = PKCE.challenge(ofVerifier: verifier)
        if codeChallengeMethod == .plain, PKCE.verify(expected, against: codeChallenge) == .verified {
            return
                "fits a challenge of the method S256, but the authorization request did not send code_challenge_method=S256"
        }
        let urlSafe = codeChallenge.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }.filter { $0 != "=" }
        if codeChallengeMethod == .s256, String(urlSafe).hasSameBytes(as: expected) {
            return
                "fits, but code_challenge was not base64url without padding: - and _ for + and /, and no = at the end"
        }
        return nil
    }
}
