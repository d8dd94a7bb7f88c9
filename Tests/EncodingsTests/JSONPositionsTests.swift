import Encodings
import Testing

/// Lines and columns of values.
@Suite struct JSONPositionsTests {
    private static let text = #"""
        {
          "skipped": [1, {"a": "}]\"", "b": [[]]}, -2.5e3, true],
          "list": [0, [1, 2], {"x": null},
            "\\", {"y": {"z": [3]}}],
          "a/b": 1, "m~n": 2, "": 3, "caf\u00e9": 4, "7": {"7": 5},
          "twice": 1, "twice": {"in": 2}
        }
        """#

    static let places: [(pointer: String, line: Int, column: Int)] = [
        ("", 1, 1), ("/skipped", 2, 3), ("/skipped/1/b/0", 2, 38), ("/skipped/3", 2, 52), ("/list", 3, 3),
        ("/list/1/1", 3, 19), ("/list/2", 3, 23), ("/list/2/x", 3, 24), ("/list/3", 4, 5), ("/list/4/y/z/0", 4, 24),
        ("/a~1b", 5, 3), ("/m~0n", 5, 13), ("/", 5, 23), ("/caf\u{E9}", 5, 30), ("/7/7", 5, 52),
        ("/twice", 6, 15), ("/twice/in", 6, 25),
    ]

    @Test("each value is found by its pointer alone", arguments: places.indices) func one(index: Int) throws {
        let (pointer, line, column) = Self.places[index]
        let found = JSONPositions.find([pointer], in: Self.text.utf8)
        #expect(found.count == 1)
        let place = try #require(found[pointer])
        #expect(place.line == line && place.column == column, "\(place)")
    }

    @Test("values are found together, and pointers that lead nowhere are not") func all() {
        let pointers = Set(Self.places.map(\.pointer))
        let missing: Set = ["/list/9", "/list/x", "/skipped/b", "/7/7/7", "/a/b", "/list/-1"]
        let found = JSONPositions.find(pointers.union(missing), in: Self.text.utf8)
        #expect(Set(found.keys) == pointers)
        for (pointer, line, column) in Self.places {
            #expect(found[pointer].map { $0.line == line && $0.column == column } == true, "\(pointer)")
        }
    }
}
