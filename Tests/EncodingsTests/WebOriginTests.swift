import Encodings
import Testing

@Suite struct WebOriginTests {
    @Test(
        "an origin has a scheme, a host and an optional port",
        arguments: [
            "http://localhost", "https://id.example:8443", "HTTP://A.example", "http://[::1]:8080", "http://127.0.0.1",
            "http://my_service:1", "http://[2001:db8::1.2.3.4]", "http://[1:2:3:4:5:6:7:8]", "http://example.",
        ])
    func valid(text: String) { #expect(WebOrigin.isValid(text)) }

    @Test(
        "text with other parts is not an origin",
        arguments: [
            "", "http://", "localhost", "ftp://a", "http:/a", "http://a/", "http://a?x", "http://a#f", "http://u@a",
            "http://a:99999", "http://a:0", "http://a:", "http://a:+1", "http://a b", "http://ä", "http://[::1",
            "http://::1",
            "http://[1::2::3]", "http://[12345::]", "http://a..b", "http://[::1]x", "http://[:::]", "http://a\"b",
        ])
    func invalid(text: String) { #expect(!WebOrigin.isValid(text)) }
}
