@testable import Provider
import Testing

@Suite struct TruncatedTextTests {
    @Test("a text in a message has at most 80 scalars, however many of them form one character")
    func scalars() {
        let marks = "e" + String(repeating: "\u{301}", count: 500_000)
        #expect(marks.truncated.utf8.count == 1 + 79 * 2 + 3)
        #expect(String(repeating: "😀", count: 81).truncated.unicodeScalars.count == 81)
        for text in ["", "a", String(repeating: "é", count: 80), String(repeating: "😀", count: 80)] {
            #expect(text.truncated == text)
        }
    }

    @Test("a list in a message names the first five elements")
    func list() {
        #expect(["a", "b"].quotedList == "\"a\", \"b\"")
        #expect((1...7).map(String.init).quotedList == "\"1\", \"2\", \"3\", \"4\", \"5\" and 2 more")
    }
}
