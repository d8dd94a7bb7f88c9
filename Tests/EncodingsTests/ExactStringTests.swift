import Encodings
import Testing

@Suite struct ExactStringTests {
    private static let lookalikes = [
        ("K", "\u{212A}"), (";", "\u{37E}"), ("é", "e\u{301}"), ("e\u{301}\u{323}", "e\u{323}\u{301}"),
    ]

    @Test("strings that Swift considers equal are distinguished by their bytes", arguments: lookalikes)
    func lookalike(left: String, right: String) {
        #expect(left == right)
        #expect(!left.hasSameBytes(as: right) && left.hasSameBytes(as: String(left.unicodeScalars.map(Character.init))))
        #expect(ExactString(left) != ExactString(right) && ExactString(left) == ExactString(left))
        #expect(Set([ExactString(left), ExactString(right), ExactString(left)]).count == 2)
        #expect([right].contains(left) && ![right].containsBytes(of: left))
        #expect(JSONObject(dictionaryLiteral: (left, .integer(1)))[right] == nil)
    }
}
