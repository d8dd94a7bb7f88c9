import Encodings
import Testing

@Suite struct JSONWriterTests {
    @Test(
        "text is escaped as Go's encoder escapes it",
        arguments: [
            ("<script>&", #""\u003cscript\u003e\u0026""#), ("\u{2028}\u{2029}", #""\u2028\u2029""#),
            ("\u{2027}\u{202A}€é", "\"\u{2027}\u{202A}€é\""),
            ("\n\r\t", #""\n\r\t""#), ("\u{00}\u{1F}\u{0B}", #""\u0000\u001f\u000b""#), ("\u{7F}", "\"\u{7F}\""),
            ("\u{08}\u{0C}", #""\b\f""#), ("a\u{FFFD}b", #""a\ufffdb""#), ("\u{FFBD}½", "\"\u{FFBD}½\""),
            ("\"\\/", #""\"\\/""#), ("😀", "\"😀\""),
        ])
    func escapes(text: String, written: String) throws {
        #expect(JSON.string(text).text == written)
        #expect(try JSONParser.parse(written.utf8) == .string(text))
        #expect(JSON.object([text: .null]).text == "{\(written):null}")
    }

    @Test("compact JSON has no spaces and keeps the order of members and the spelling of numbers")
    func compact() {
        let value = JSON.object([
            "b": .array([.integer(-1), .decimal("1.50"), .bool(false), .null]), "a": .object([:]), "c": .array([]),
        ])
        #expect(value.text == #"{"b":[-1,1.50,false,null],"a":{},"c":[]}"#)
    }

    @Test("pretty JSON indents by two and keeps lists of plain values on a line")
    func pretty() throws {
        let value = JSON.object([
            "a": .array([.integer(1), .string("x")]), "b": .array([.object(["c": .null])]), "d": .object([:]),
            "e": .array([]),
        ])
        let text =
            "{\n  \"a\": [1, \"x\"],\n  \"b\": [\n    {\n      \"c\": null\n    }\n  ],\n  \"d\": {},\n  \"e\": []\n}"
        #expect(value.pretty() == text)
        #expect(try JSONParser.parse(text.utf8, strict: true) == value)
    }

    @Test("members are sorted by bytes, and members with empty text can be left out")
    func objects() {
        var object: JSONObject = ["é": .null, "b": .null, "B": .null, "a": .null]
        #expect(object.sorted().members.map(\.name) == ["B", "a", "b", "é"])
        object.append("c", ifNotEmpty: "")
        object.append("d", ifNotEmpty: nil)
        object.append("e", ifNotEmpty: "x")
        #expect(object.members.map(\.name) == ["é", "b", "B", "a", "e"])
    }
}
