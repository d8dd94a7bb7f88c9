import OAuth
import Testing

/// Proof Key for Code Exchange (RFC 7636).
@Suite struct PKCETests {
    /// Of RFC 7636 appendix B.
    private static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    private static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

    @Test("the challenge of RFC 7636 appendix B") func example() {
        #expect(PKCE.challenge(ofVerifier: Self.verifier) == Self.challenge)
        #expect(PKCE.verify(Self.verifier, against: Self.challenge) == .verified)
    }

    @Test(
        "a challenge of the method plain is kept as one of S256, and its verifier is right for it",
        arguments: ["plain", "", "s256"])
    func plain(method: String) {
        let kept = PKCE.kept("the-verifier", method: CodeChallengeMethod(parameter: method))
        #expect(kept != "the-verifier")
        #expect(PKCE.verify("the-verifier", against: kept) == .verified)
        #expect(PKCE.verify(kept, against: kept) == .wrong)
    }

    @Test("a challenge of the method S256 is kept as it is, and none stays none") func kept() {
        #expect(PKCE.kept(Self.challenge, method: .s256) == Self.challenge)
        #expect(PKCE.kept("", method: .plain).isEmpty && PKCE.kept("", method: .s256).isEmpty)
    }

    @Test("a verifier that is absent, of another challenge, or of none is told apart") func refused() {
        #expect(PKCE.verify("", against: Self.challenge) == .missing)
        #expect(PKCE.verify(Self.verifier + "x", against: Self.challenge) == .wrong)
        #expect(PKCE.verify(Self.verifier, against: "") == .unexpected)
        #expect(PKCE.verify("", against: "") == .verified)
    }
}
