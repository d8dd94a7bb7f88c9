import Encodings
import Testing

/// JSON that Go's decoders refuse.
@Suite struct JSONGoTests {
    @Test(
        "a number beyond the range of a double is found at any depth",
        arguments: [
            ("1e400", false), ("-1e400", false), (#"{"a":[{"b":1e309}]}"#, false), ("[1e400]", false),
            ("1e-400", true), ("1.7e308", true), ("99999999999999999999", true), (#"{"a":["1e400",null,true]}"#, true),
        ])
    func numbers(text: String, isFinite: Bool) throws {
        #expect(try JSONParser.parse(text.utf8).hasOnlyFiniteNumbers == isFinite)
    }

    @Test(
        "a duplicate member is found at any depth, by the bytes of its name",
        arguments: [
            (#"{"a":1,"a":1}"#, false), (#"[{"x":{"a":1,"b":2,"a":3}}]"#, false), (#"{"a":1,"\u0061":1}"#, false),
            (#"{"a":1,"A":1}"#, true), (#"{"a":{"a":{"a":1}},"b":{"a":1}}"#, true), ("{}", true),
            (#"{"é":1,"e\u0301":1}"#, true),
        ])
    func members(text: String, isUnique: Bool) throws {
        #expect(try JSONParser.parse(text.utf8).hasOnlyUniqueMembers == isUnique)
    }
}
