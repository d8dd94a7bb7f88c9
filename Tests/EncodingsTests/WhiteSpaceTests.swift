import Encodings
import Testing

@Suite struct WhiteSpaceTests {
    @Test("white space is recognized exactly as Unicode defines it, for every scalar")
    func everyScalar() {
        var count = 0
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let bytes = Array(String(Character(scalar)).utf8)
            let isWhiteSpace = scalar.properties.isWhitespace
            count += isWhiteSpace ? 1 : 0
            guard WhiteSpace.length(at: 0, in: bytes) != (isWhiteSpace ? bytes.count : 0) else { continue }
            Issue.record("U+\(String(value, radix: 16))")
        }
        #expect(count == 25)
    }

    @Test("white space is removed everywhere or trimmed at the ends, and incomplete UTF-8 stays")
    func removed() {
        let text = "\u{3000} a\r\n\u{2028}b\u{A0}é\t"
        #expect(WhiteSpace.removed(from: Array(text.utf8)) == Array("abé".utf8))
        #expect(Array(WhiteSpace.trimmed(Array(text.utf8))) == Array("a\r\n\u{2028}b\u{A0}é".utf8))
        #expect(WhiteSpace.trimmed(Array("\u{2003} \u{85}".utf8)).isEmpty)
        #expect(WhiteSpace.trimmed([]).isEmpty)
        #expect(Array(WhiteSpace.trimmed([0x80, 0x80])) == [0x80, 0x80])
        #expect(WhiteSpace.removed(from: [0xE2, 0x80]) == [0xE2, 0x80])
        #expect(WhiteSpace.removed(from: [0xC2]) == [0xC2])
    }
}
