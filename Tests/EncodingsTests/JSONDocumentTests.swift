import Encodings
import Testing

/// Messages about text that is not JSON.
@Suite struct JSONDocumentTests {
    static let refused: [(content: [UInt8], message: String)] = [
        ([0xFF, 0xFE] + "{}".utf8.flatMap { [$0, 0] }, "is UTF-16; save it as UTF-8"),
        ([0x1F, 0x8B, 8, 0], "is compressed by gzip; save it uncompressed"),
        ([], "the text is empty; expected a value"),
        ([0xEF, 0xBB, 0xBF, 0x0A], "the text is empty; expected a value"),
        (Array("{“a”: 1}".utf8), "it is a typographic quotation mark, write \""),
        (Array("{\"a\": „b“}".utf8), "it is a typographic quotation mark, write \""),
        (Array("{\u{A0}\"a\": 1}".utf8), "it is a space that JSON does not have"),
        (Array("{\"a\":\u{A0}1}".utf8), "it is a space that JSON does not have"),
        (Array("{\"a\": True}".utf8), "; write true"), (Array("{\"a\": None}".utf8), "; write null"),
        (Array("{'a': 1}".utf8), "; JSON has double quotes only"),
        (Array("{\n\"a\": 1, # b\n}".utf8), "; JSON has no comments"),
        (Array("{\"a\": \"".utf8) + [0xE9] + Array("\"}".utf8), "not UTF-8; save it as UTF-8"),
        (Array("{\"a\": ".utf8) + [0xE9] + Array("}".utf8), "; save it as UTF-8"),
    ]

    @Test("the message about invalid JSON names the probable mistake", arguments: refused.indices)
    func message(index: Int) {
        let (content, expected) = Self.refused[index]
        do {
            _ = try JSONDocument.parse(content, strict: true)
            Issue.record("it is no JSON")
        } catch { #expect(error.message.contains(expected), "\(error.message)") }
    }

    @Test("a byte order mark is skipped, and an unknown mistake gets no hint") func plain() throws {
        #expect(try JSONDocument.parse([0xEF, 0xBB, 0xBF] + Array("{\"a\":1}".utf8)) == .object(["a": .integer(1)]))
        do {
            _ = try JSONDocument.parse(Array("{\n a: 1}".utf8))
            Issue.record("it is no JSON")
        } catch {
            #expect(error.line == 2 && error.column == 2)
            #expect(error.message == "expected a member name in double quotes")
        }
    }
}
