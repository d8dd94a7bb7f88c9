import Encodings
import Testing

@Suite struct WebURLTests {
    static let good: [(text: String, scheme: String, host: String, port: Int?, path: String, query: String)] = [
        ("http://a", "http", "a", nil, "", ""),
        ("HTTPS://A.Example:8443/b/C?d=e#f", "https", "a.example", 8443, "/b/C", "d=e"),
        ("http://[::1]:9/x", "http", "::1", 9, "/x", ""), ("http://[::1]", "http", "::1", nil, "", ""),
        ("http://user@host:1?q", "http", "host", 1, "", "q"),
        ("com.app://callback", "com.app", "callback", nil, "", ""),
        ("http://127.0.0.1@evil/", "http", "evil", nil, "/", ""), ("http://a:/", "http", "a", nil, "/", ""),
    ]

    @Test("a URL is split into its parts", arguments: good)
    func parts(text: String, scheme: String, host: String, port: Int?, path: String, query: String) throws {
        let address = try #require(WebURL(text))
        #expect(address.scheme == scheme)
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.path == path)
        #expect(address.query == query)
    }

    static let bad = [
        "", "a", "://a", "http:/a", "http://a:b", "http://a:0", "http://a:65536", "http://[::1]x", "http://a\\@b/",
        "http://a b/", "http://ä/",
    ]

    @Test("text that is not a URL is refused", arguments: bad) func none(text: String) {
        #expect(WebURL(text) == nil)
    }
}
