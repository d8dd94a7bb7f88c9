import Model
import TestSupport
import Testing

@testable import Storage

/// Lists of words in one column: scopes, audiences, methods of authentication.
@Suite struct SpaceSeparatedListTests {
    static let lists: [[String]] = [
        [], [""], ["", ""], ["openid"], ["openid", "profile"], ["urn:zitadel:iam:org:project:role:my role"],
        [" "], ["  a ", "", "b"], ["\u{1F}"], ["\u{1F}s", "\u{1F}\u{1F}", " \u{1F} "], ["a\u{1F}sb", "\\ \\s"],
        ["line\nfeed", "tab\t", "ü ö", "e\u{301} \u{20}"],
    ]

    @Test("every list is read as it was stored", arguments: lists) func roundTrip(list: [String]) {
        let back = separated(joined(list))
        #expect(back.map { Array($0.utf8) } == list.map { Array($0.utf8) })
    }

    @Test("a list that an older version wrote is read as it was") func older() {
        #expect(separated("openid profile") == ["openid", "profile"])
        #expect(separated("") == [])
        #expect(separated("1 \u{1F} 2") == ["1", "", "2"], "an empty word")
        #expect(separated("a\u{1F}x \u{1F}\u{1F}") == ["a\u{1F}x", "\u{1F}\u{1F}"], "marks that mean nothing stay")
    }

    @Test("tokens, refresh tokens and personal access tokens keep words with spaces") func records() throws {
        let storage = try SignInStoreTests.storage()
        let words = ["openid", "urn:zitadel:iam:org:project:role:my role", ""]
        var token = TokenRecord(
            id: "t", digest: [1], userID: "7", clientID: "c", scopes: words, audience: ["my app", ""], amr: ["my way"],
            authTime: 1, creation: 1, expiration: 2)
        token.sessionID = "8"
        let refresh = RefreshTokenRecord(
            id: "r", digest: [2], accessToken: token, nonce: "", idleExpiration: 3, expiration: 4)
        #expect(try storage.issue(token, refresh, redeeming: nil))
        #expect(try storage.token(digest: [1]) == token)
        let kept = try storage.refreshToken(digest: [2])?.accessToken
        #expect(kept?.scopes == words)
        #expect(kept?.audience == ["my app", ""])
        #expect(kept?.amr == ["my way"])
    }
}
