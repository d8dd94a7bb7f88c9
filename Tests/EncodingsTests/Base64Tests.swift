import Encodings
import Testing

@Suite struct Base64Tests {
    @Test(
        "the test vectors of RFC 4648 section 10 are encoded and decoded in both alphabets",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func vectors(plain: String, encoded: String) {
        let bytes = Array(plain.utf8)
        let unpadded = String(encoded.prefix { $0 != "=" })
        #expect(Base64.encoded(bytes) == encoded)
        #expect(Base64.decoded(Array(encoded.utf8)) == bytes)
        #expect(Base64.urlEncoded(bytes) == unpadded)
        #expect(Base64.urlDecoded(unpadded.utf8) == bytes)
    }

    @Test("standard base64 and base64url differ in the last two characters of the alphabet only")
    func alphabets() {
        let bytes: [UInt8] = [0xFB, 0xEF, 0xBE, 0xFF, 0xFF, 0xFF]
        #expect(Base64.encoded(bytes) == "++++////")
        #expect(Base64.urlEncoded(bytes) == "----____")
        #expect(Base64.decoded(Array("----____".utf8)) == nil)
        #expect(Base64.urlDecoded("++++////".utf8) == nil)
        let all = (0...255).map { UInt8($0) }
        #expect(Base64.decoded(Array(Base64.encoded(all).utf8)) == all)
        #expect(Base64.urlDecoded(Base64.urlEncoded(all).utf8) == all)
    }

    @Test(
        "standard base64 without correct padding, or with other characters, is refused",
        arguments: ["Zg", "Zg=", "Zg===", "Z===", "====", "=", "Zm=v", "Zm9v\n", "Zm9 ", "Zm9vé", "AA=A"])
    func rejections(text: String) {
        #expect(Base64.decoded(Array(text.utf8)) == nil)
    }

    @Test(
        "base64url with padding, characters of another alphabet or an impossible length is refused",
        arguments: ["Zg==", "Z", "Zm9vY", "Zm 9", "Zm9\n", "Zm9é"])
    func urlRefusals(text: String) {
        #expect(Base64.urlDecoded(text.utf8) == nil)
    }

    @Test("each byte is written as two hexadecimal digits in lower case")
    func hexadecimalDigits() {
        #expect(hexadecimal([0, 9, 10, 255] as [UInt8]) == "00090aff")
    }
}
