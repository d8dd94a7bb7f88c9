import OAuth
import Testing

/// Proof Key for Code Exchange (RFC 7636).
@Suite struct PKCETests {
    /// Of RFC 7636 appendix B.
    private static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    private static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

    @Test("the example of RFC 7636 appendix B has its challenge") func example() {
        #expect(PKCE.challenge(ofVerifier: Self.verifier) == Self.challenge)
        #expect(PKCE.verify(Self.verifier, against: Self.challenge) == .verified)
    }

    @Test(
        "a plain challenge is stored as one of S256, and its verifier matches",
        arguments: ["plain", "", "s256"])
    func plain(method: String) {
        let kept = PKCE.kept("the-verifier", method: CodeChallengeMethod(parameter: method))
        #expect(kept != "the-verifier")
        #expect(PKCE.verify("the-verifier", against: kept) == .verified)
        #expect(PKCE.verify(kept, against: kept) == .wrong)
    }

    @Test("a challenge of S256 is stored unchanged, and no challenge stays none") func kept() {
        #expect(PKCE.kept(Self.challenge, method: .s256) == Self.challenge)
        #expect(PKCE.kept("", method: .plain).isEmpty && PKCE.kept("", method: .s256).isEmpty)
    }

    @Test("missing, wrong and unexpected verifiers are distinguished") func refused() {
        #expect(PKCE.verify("", against: Self.challenge) == .missing)
        #expect(PKCE.verify(Self.verifier + "x", against: Self.challenge) == .wrong)
        #expect(PKCE.verify(Self.verifier, against: "") == .unexpected)
        #expect(PKCE.verify("", against: "") == .verified)
    }
}
