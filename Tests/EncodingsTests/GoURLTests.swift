import Encodings
import Testing

/// URLs as Go reads and writes them.
@Suite struct GoURLTests {
    static let unchanged = [
        "https://a.example/cb", "http://localhost:3000/cb?x=1", "custom.app://cb", "com.example:/bye", "mailto:a@b",
        "http://u:p@h/", "https://a/%7Eb", "https://a/b#frag%20ment", "/relative?x", "http://[::1]:9/x",
        "https%3A%2F%2Fa",
        "https://a?", "https://a/b%2Fc", "https://a/[x]",
    ]

    @Test("a URL in its usual spelling is written as it was read", arguments: unchanged)
    func kept(text: String) throws {
        #expect(try #require(GoURL(text)).text == text)
    }

    @Test(
        "a URL in an unusual spelling is written as Go writes it",
        arguments: [
            ("HTTPS://A.example/Cb", "https://A.example/Cb"), ("https://a/b c", "https://a/b%20c"),
            ("https://a/é", "https://a/%C3%A9"), ("https://a/b#é", "https://a/b#%C3%A9"),
        ])
    func rewritten(text: String, other: String) throws {
        #expect(try #require(GoURL(text)).text == other)
    }

    @Test(
        "a URL that Go cannot parse is rejected",
        arguments: [
            "http://[::1/cb", "http://a:x/", "http://a b/", "http://a\\b/", "https://a/%zz", "http://a/\n", ":x",
            "http://%41/", "http://a/b#%z", "1a:b",
        ])
    func malformed(text: String) { #expect(GoURL(text) == nil) }

    @Test("query parameters are added sorted by name, and existing ones are encoded again") func adding() throws {
        let address = try #require(GoURL("https://a/cb?x=?&b=a%20b&c"))
        let more = [(name: "code", value: "1"), (name: "state", value: "é &")]
        #expect(address.adding(more).text == "https://a/cb?b=a+b&c=&code=1&state=%C3%A9+%26&x=%3F")
    }

    @Test("setting a fragment escapes it once more") func fragment() throws {
        let address = try #require(GoURL("https://a/cb"))
        #expect(address.settingFragment("state=%C3%BC&a=b+c").text == "https://a/cb#state=%25C3%25BC&a=b+c")
    }

    @Test("setting an escaped fragment leaves it unchanged") func escapedFragment() throws {
        let address = try #require(GoURL("https://a/cb#old"))
        let text = "error_description=a+%22b%22%2B%C3%BC%3B"
        #expect(address.settingEscapedFragment(text).text == "https://a/cb#" + text)
    }

    @Test(
        "loopback addresses are recognized in every spelling",
        arguments: [
            ("127.0.0.1", true), ("127.255.0.9", true), ("::1", true), ("0:0:0:0:0:0:0:1", true),
            ("::ffff:127.0.0.1", true),
            ("128.0.0.1", false), ("::2", false), ("127.1", false), ("127.+0.0.1", false), ("localhost", false),
            ("", false),
        ])
    func loopback(text: String, isLoopback: Bool) { #expect(IPAddress.isLoopback(text) == isLoopback) }

    @Test("texts are compared by their bytes, not by canonical equivalence") func bytes() {
        #expect("\u{212A}" == "K")
        #expect(!"\u{212A}".hasSameBytes(as: "K"))
        #expect(!["K"].containsBytes(of: "\u{212A}"))
        #expect(!["e\u{301}"].exactStrings.contains("\u{E9}"))
        #expect("To\u{212A}en".caseFolded == "token")
        // Characters that end with the same bytes as those two stay.
        let others = "\u{FF}\u{1FF}\u{C5}\u{12A}\u{6AA}\u{22AA}\u{212B}"
        #expect(("\u{17F}UB" + others + "\u{212A}").caseFolded.hasSameBytes(as: "sub" + others + "k"))
    }
}
