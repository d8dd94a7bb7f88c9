import Encodings
import Testing

@Suite struct JSONObjectMergingTests {
    /// Few members are looked for one by one, many by a dictionary; the result is the same.
    @Test("members are replaced, removed and added in order, by exact bytes", arguments: [2, 100])
    func merging(count: Int) {
        var object = JSONObject()
        for index in 0..<count { object.append("m\(index)", .integer(Int64(index))) }
        object.append("\u{212A}", .string("Kelvin"))
        var changes: JSONObject = [
            "new": .integer(1), "m0": .null, "K": .string("letter"), "new2": .null,
        ]
        for index in 1..<count { changes.append("m\(index)", .string("x\(index)")) }
        changes.append("new", .integer(2))
        changes.append("m0", .integer(3))
        let names = object.replacing(changes).members.map(\.name)
        #expect(names == (1..<count).map { "m\($0)" } + ["\u{212A}", "new", "K", "m0"])
        let merged = object.replacing(changes)
        #expect(merged["new"] == .integer(2) && merged["m0"] == .integer(3) && merged["m1"] == .string("x1"))
        #expect(merged["\u{212A}"] == .string("Kelvin") && merged["K"] == .string("letter"))
    }

    @Test("text is cut between UTF-8 characters") func cut() {
        #expect("abc".cut(toBytes: 3) == "abc")
        #expect("abcd".cut(toBytes: 3) == "abc…")
        #expect("aäb".cut(toBytes: 2) == "a…")
    }
}
