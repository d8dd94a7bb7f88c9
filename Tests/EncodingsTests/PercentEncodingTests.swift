import Encodings
import Testing

@Suite struct PercentEncodingTests {
    @Test(
        "form decoding turns + into a space, %XX into a byte, and invalid UTF-8 into U+FFFD",
        arguments: [
            ("", ""), ("a+b", "a b"), ("%2B%2b", "++"), ("%C3%A9", "é"), ("é", "é"), ("%ff", "\u{FFFD}"),
            ("100%25", "100%"), ("%00", "\u{00}"),
        ])
    func decoding(text: String, value: String) {
        #expect(PercentEncoding.formDecoded(text.utf8) == value)
    }

    @Test(
        "a % without two hexadecimal digits is refused",
        arguments: ["%", "%2", "a%", "%G0", "%0G", "%%41", "%+1", "100% sure"])
    func rejections(text: String) {
        #expect(PercentEncoding.formDecoded(text.utf8) == nil)
    }

    @Test(
        "form encoding leaves unreserved characters alone and decodes to the same",
        arguments: [("aZ09-._~", "aZ09-._~"), (" +&=%", "%20%2B%26%3D%25"), ("é\n", "%C3%A9%0A")])
    func encoding(text: String, encoded: String) {
        #expect(PercentEncoding.formEncoded(text) == encoded)
        #expect(PercentEncoding.formDecoded(encoded.utf8) == text)
    }
}
