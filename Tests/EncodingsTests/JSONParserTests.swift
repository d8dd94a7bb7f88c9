@testable import Encodings
import Testing

@Suite struct JSONParserTests {
    @Test("the number of values can be limited, including nested ones")
    func valueLimit() throws {
        let text = #"{"a":[1,2],"b":{}}"#
        #expect(try JSONParser.parse(text.utf8, valueLimit: 5).object != nil)
        #expect { try JSONParser.parse(text.utf8, valueLimit: 4) } throws: {
            ($0 as? JSONSyntaxError)?.message == "too many values"
        }
    }

    @Test("an object of 200,000 members is checked for duplicates in less than quadratic time")
    func manyMembers() throws {
        let members = (0..<200_000).map { "\"\($0)\":0" }.joined(separator: ",")
        #expect(try JSONParser.parse("{\(members)}".utf8, strict: true).object?.members.count == 200_000)
    }

    @Test(
        "a JSON text becomes its value",
        arguments: [
            ("null", .null), (" true ", .bool(true)), ("\tfalse\r\n", .bool(false)), ("0", .integer(0)),
            ("-0", .integer(0)), ("-12", .integer(-12)),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .decimal("9223372036854775808")),
            ("-9223372036854775809", .decimal("-9223372036854775809")),
            ("1.50", .decimal("1.50")), ("1e3", .decimal("1e3")), ("-1.0E-2", .decimal("-1.0E-2")),
            ("1E+2", .decimal("1E+2")),
            (#""""#, .string("")), (#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{08}\u{0C}\n\r\t")),
            (#""\u00e9\u20AC""#, .string("é€")),
            (#""\ud83d\ude00""#, .string("😀")), (#""😀""#, .string("😀")), ("[]", .array([])),
            ("[ 1 , \"a\" ]", .array([.integer(1), .string("a")])),
            ("{}", .object([:])),
            (#"{"b":1,"a":{"c":[]}}"#, .object(["b": .integer(1), "a": .object(["c": .array([])])])),
            (#"{"":0}"#, .object(["": .integer(0)])),
        ] as [(String, JSON)])
    func value(text: String, value: JSON) throws {
        #expect(try JSONParser.parse(text.utf8) == value)
        #expect(try JSONParser.parse(text.utf8, strict: true) == value)
    }

    @Test(
        "a bad text is refused with the line and column of the error",
        arguments: [
            ("", 1, 1, "the text ends where a value was expected"),
            ("\n  ", 2, 3, "the text ends where a value was expected"),
            ("nul", 1, 1, "expected null"), ("tru", 1, 1, "expected true"),
            ("x", 1, 1, "unexpected character 'x' where a value was expected"),
            ("\u{7F}", 1, 1, "unexpected character 0x7f where a value was expected"),
            ("1 2", 1, 3, "unexpected text after the end of the value"),
            ("{} // no", 1, 4, "unexpected text after the end of the value"),
            ("01", 1, 1, "not a number"), ("-", 1, 1, "not a number"), ("-a", 1, 1, "not a number"),
            ("1.", 1, 3, "expected digits after the decimal point"), ("1e", 1, 3, "expected digits in the exponent"),
            ("[1e+]", 1, 5, "expected digits in the exponent"),
            ("+1", 1, 1, "unexpected character '+' where a value was expected"),
            ("[1,]", 1, 3, "a comma before ']'; leave it out"),
            ("[1, 2 ,\n]", 1, 7, "a comma before ']'; leave it out"),
            ("[1 2]", 1, 4, "expected ',' or ']'"), ("[1", 1, 3, "expected ',' or ']'"),
            ("{\n  \"a\": 1,\n}", 2, 9, "a comma before '}'; leave it out"),
            ("{a:1}", 1, 2, "expected a member name in double quotes"),
            ("{\"a\" 1}", 1, 6, "expected ':' after \"a\""),
            ("{\"a\":1\n\"b\":2}", 2, 1, "expected ',' or '}' after the value of \"a\""),
            ("[\n \"abc", 2, 2, "the string is not closed"), ("\"a\nb\"", 1, 3, "control character in a string"),
            (#"["\x"]"#, 1, 3, "unknown escape"), (#""\u12"#, 1, 4, "expected four hexadecimal digits after \\u"),
            (#""\u+123""#, 1, 4, "expected four hexadecimal digits after \\u"),
            (#""\"#, 1, 3, "the text ends inside an escape"),
            ("'a'", 1, 1, "unexpected character ''' where a value was expected"),
            ("\u{FEFF}{}", 1, 1, "unexpected character 0xef where a value was expected"),
        ])
    func rejection(text: String, line: Int, column: Int, message: String) {
        #expect(throws: JSONSyntaxError(line: line, column: column, message: message)) {
            try JSONParser.parse(text.utf8)
        }
    }

    @Test("nesting deeper than 100 levels is refused")
    func depth() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        #expect(throws: Never.self) { try JSONParser.parse(nested(100)) }
        #expect(throws: JSONSyntaxError(line: 1, column: 101, message: "nested more than 100 deep")) {
            try JSONParser.parse(nested(101))
        }
        let siblings = "[" + [String](repeating: "[{}]", count: 200).joined(separator: ",") + "]"
        #expect(throws: Never.self) { try JSONParser.parse(siblings.utf8) }
    }

    @Test("the last of duplicate members counts, and strict parsing refuses duplicates")
    func duplicates() throws {
        let text = "{\"a\":1,\n \"a\":2}"
        #expect(try JSONParser.parse(text.utf8).object?["a"] == .integer(2))
        #expect(throws: JSONSyntaxError(line: 2, column: 2, message: "member \"a\" occurs twice")) {
            try JSONParser.parse(text.utf8, strict: true)
        }
        #expect(throws: Never.self) { try JSONParser.parse("{\"a\":{\"a\":1}}".utf8, strict: true) }
    }

    @Test(
        "bytes that are not UTF-8 become U+FFFD, and a strict reader refuses them",
        arguments: [[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xE2, 0x82]] as [[UInt8]])
    func invalidUTF8(bytes: [UInt8]) throws {
        let text = [UInt8(ascii: "["), UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\""), UInt8(ascii: "]")]
        #expect(try JSONParser.parse(text).array?.first?.string?.contains("\u{FFFD}") == true)
        #expect(throws: JSONSyntaxError(line: 1, column: 2, message: "not UTF-8")) {
            try JSONParser.parse(text, strict: true)
        }
    }

    @Test(
        "half of a surrogate pair becomes U+FFFD, and a strict reader refuses it",
        arguments: [
            (#""\ud83d""#, "\u{FFFD}"), (#""\ude00""#, "\u{FFFD}"), (#""\ud83dx""#, "\u{FFFD}x"),
            (#""\ud83d\u0041""#, "\u{FFFD}A"),
            (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"),
        ])
    func loneSurrogates(text: String, value: String) throws {
        #expect(try JSONParser.parse(text.utf8) == .string(value))
        #expect(throws: JSONSyntaxError(line: 1, column: 2, message: "half of a surrogate pair")) {
            try JSONParser.parse(text.utf8, strict: true)
        }
    }
}
