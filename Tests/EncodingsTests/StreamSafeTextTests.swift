import Encodings
import Testing

/// Runs of combining characters are refused wherever text enters.
@Suite struct StreamSafeTextTests {
    /// Scalars that join the one before them, of two to four bytes.
    static let combining: [Unicode.Scalar] = [
        "\u{301}", "\u{315}", "\u{345}", "\u{5B0}", "\u{200C}", "\u{200D}", "\u{20DD}", "\u{3099}", "\u{FE0F}",
        "\u{1D165}",
        "\u{1F1E9}", "\u{1F3FB}", "\u{E0061}", "\u{E0100}",
    ]

    private static func run(_ scalar: Unicode.Scalar, _ count: Int) -> String {
        "a" + String(String.UnicodeScalarView(repeatElement(scalar, count: count))) + "a"
    }

    @Test("a run of 64 combining characters is accepted, and a longer one is refused", arguments: combining)
    func limit(scalar: Unicode.Scalar) {
        #expect(StreamSafeText.isSafe(Array(Self.run(scalar, 64).utf8)[...]))
        #expect(!StreamSafeText.isSafe(Array(Self.run(scalar, 65).utf8)[...]))
        let interrupted = Self.run(scalar, 64) + Self.run(scalar, 64)
        #expect(StreamSafeText.isSafe(Array(interrupted.utf8)[...]))
    }

    @Test("every character that Unicode calls combining counts towards the limit of a run") func properties() {
        let combining = (UInt32(0x80)...0x10FFFF).lazy.compactMap(Unicode.Scalar.init).filter {
            $0.properties.canonicalCombiningClass != .notReordered || $0.properties.isGraphemeExtend
        }
        for scalar in combining {
            #expect(!StreamSafeText.isSafe(Array(Self.run(scalar, 65).utf8)[...]), "\(scalar.value)")
        }
    }

    @Test(
        "long texts of every script are accepted",
        arguments: ["a", "ä", "e\u{301}", "ж", "中", "한", "\u{1112}\u{1161}\u{11AB}", "नमस्ते", "สวัสดี", "😀", "👩‍👩‍👧‍👦"])
    func scripts(text: String) {
        #expect(StreamSafeText.isSafe(Array(String(repeating: text, count: 1000).utf8)[...]))
    }

    @Test(
        "bytes that are not UTF-8 end a run of combining characters",
        arguments: [0xFF, 0xCC, 0xE2, 0xF0, 0x80] as [UInt8])
    func malformed(byte: UInt8) {
        let half = Array(Self.run("\u{301}", 64).utf8).dropLast()
        #expect(StreamSafeText.isSafe(Array(half + [byte] + half.dropFirst())[...]))
        #expect(StreamSafeText.isSafe([UInt8](repeating: byte, count: 1000)[...]))
    }

    @Test("forms, paths and JSON with an overlong run of combining characters are refused") func edges() throws {
        let long = Self.run("\u{301}", 65)
        #expect(PercentEncoding.formDecoded(Array(long.utf8)) == nil)
        #expect(PercentEncoding.formDecoded(Array(PercentEncoding.formEncoded(long).utf8)) == nil)
        #expect(PercentEncoding.pathDecoded(PercentEncoding.formEncoded(long)) == nil)
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse("[\"\(long)\"]".utf8) }
        let escaped = "[\"a" + String(repeating: "\\u0301", count: 65) + "\"]"
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(escaped.utf8) }
    }
}
