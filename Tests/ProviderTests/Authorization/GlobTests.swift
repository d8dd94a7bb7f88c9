import Testing

@testable import Provider

/// Patterns of redirect URIs in development mode, as the library doublestar matches them.
@Suite struct GlobTests {
    static let examples: [(pattern: String, text: String, isMatch: Bool)] = [
        ("https://*.example/cb", "https://a.example/cb", true),
        ("https://*.example/cb", "https://a/b.example/cb", false),
        ("https://web.example/**", "https://web.example/a/b/cb", true),
        ("https://web.example/**", "https://web.example", true),
        ("https://web.example/**/cb", "https://web.example/cb", true),
        ("https://web.example/**/cb", "https://web.example/a/b/cb", true),
        ("https://web.example/a**/cb", "https://web.example/abc/cb", true),
        ("https://web.example/a**/cb", "https://web.example/a/b/cb", false),
        ("https://{a,b}.example/cb", "https://b.example/cb", true),
        ("https://{a,b}.example/cb", "https://c.example/cb", false),
        ("https://{a,{b,c}d}.example", "https://cd.example", true),
        ("https://{a,b.example", "https://a.example", false),
        ("http://h/?x", "http://h/ax", true), ("http://h/?", "http://h//", false),
        ("http://h/[a-c]", "http://h/b", true),
        ("http://h/[^a-c]", "http://h/b", false), ("http://h/[!a-c]", "http://h/d", true),
        ("http://h/[a", "http://h/a", false),
        ("http://h/\\*", "http://h/*", true), ("http://h/\\*", "http://h/a", false), ("http://h/*", "http://h/", true),
        ("http://localhost:*/cb", "http://localhost:1@evil.example/cb", true),
        ("https://*.example.com/cb", "https://evil.example?.example.com/cb", true),
    ]

    @Test("a pattern matches what doublestar matches", arguments: examples)
    func matching(pattern: String, text: String, isMatch: Bool) {
        #expect(Glob(pattern).matches(text) == isMatch)
    }

    @Test("patterns with many stars match in bounded time, and an overlong text matches nothing") func bounds() {
        let text = "https://" + String(repeating: "a-", count: 1900)
        #expect(!Glob("https://*-*-*-*-*-*-*-*x/cb").matches(text))
        #expect(!Glob("**/*/**/*/**/x").matches(String(repeating: "a/", count: 2000)))
        #expect(!Glob("*").matches(String(repeating: "a", count: Glob.longest + 1)))
        #expect(!Glob(String(repeating: "{a,b}", count: 20)).matches(String(repeating: "a", count: 20)))
    }
}
