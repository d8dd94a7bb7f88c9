import Encodings
import ResourceFormat
import TestSupport
import Testing

/// Values that were written as another type of JSON.
@Suite struct ShapeCheckerTests {
    private static let duration = Shape.pattern(
        TextPattern(
            expression: "", expected: "a duration such as \"13h\"", example: "13h",
            isValid: { GoDuration($0) != nil }))
    private static let rate = Shape.pattern(
        TextPattern(expression: "", expected: "a rate", example: "10B/s", isValid: { $0.hasSuffix("B/s") }))

    private static let values: [(value: JSON, shape: Shape, message: String)] = [
        (.integer(300), duration, "is a number; expected a string: write \"300s\" for seconds"),
        (.integer(-90), duration, "is a number; expected a string: write \"-90s\" for seconds"),
        (.integer(300), .duration(maximum: nil), "is a number; expected a string: write \"300s\" for seconds"),
        (.integer(-1), .duration(maximum: nil), "is a number; expected a string"),
        (.decimal("1.5"), duration, "is a number; expected a string"),
        (.integer(5), rate, "is a number; expected a string"),
        (.integer(5), .id, "is a number; expected a string: write \"5\""),
        (.bool(true), .text(minimumLength: 0), "is a boolean; expected a string: write \"true\""),
        (.integer(2), .time, "is a number; expected a string"),
    ]

    @Test("the message for a value of a wrong shape has a hint that is accepted", arguments: values.indices)
    func hint(index: Int) {
        let (value, shape, message) = Self.values[index]
        let diagnostics = Diagnostics()
        ShapeChecker(diagnostics, source: .call).check(value, shape, SourceLocation(file: ""))
        #expect(diagnostics.problems.map(\.message) == [message])
    }

    @Test(
        "a name has 1 to 200 characters, however many bytes they take", arguments: [Shape.name, .textOrObject(ruled)])
    func names(shape: Shape) {
        let lengths = [0, 1, 200, 201].map { String(repeating: "ä", count: $0) }
        let messages = lengths.map { text in
            let diagnostics = Diagnostics()
            ShapeChecker(diagnostics).check(.string(text), shape, SourceLocation(file: ""))
            return diagnostics.problems.map(\.message)
        }
        #expect(
            messages == [
                ["is empty; expected a name"], [], [], ["has 201 characters; a name has at most 200"],
            ])
    }

    @Test(
        "a resource has at most 1000 addresses, roles and other values of a kind, and the schema says so",
        arguments: [Shape.redirectURI, .origin, .textOrObject(ruled), .text(minimumLength: 0)])
    func elements(shape: Shape) {
        let messages = [1000, 1001].map { count in
            let diagnostics = Diagnostics()
            let list = JSON.array((0..<count).map { .string("http://a\($0)") })
            ShapeChecker(diagnostics).check(list, .list(shape), SourceLocation(file: ""))
            return diagnostics.problems.map(\.message)
        }
        #expect(messages == [[], ["has 1001 elements; at most 1000 are allowed"]])
        var schema = JSONSchema(referencePrefix: "", allowsVariables: false)
        #expect(schema.schema(.list(shape))["maxItems"] == .integer(1000))
    }

    @Test("a user has at most 1000 metadata entries with keys of 1 to 200 characters, and the schema says so")
    func metadata() {
        func messages(_ keys: [String]) -> [String] {
            let diagnostics = Diagnostics()
            var object = JSONObject()
            for key in keys { object.append(key, .string("v")) }
            ShapeChecker(diagnostics).check(.object(object), .metadata, SourceLocation(file: ""))
            return diagnostics.problems.map(\.message)
        }
        #expect(messages((0..<1000).map { "k\($0)" }) == [])
        #expect(messages((0..<1001).map { "k\($0)" }) == ["has 1001 entries; at most 1000 are allowed"])
        #expect(messages([String(repeating: "ä", count: 200)]) == [])
        #expect(messages([""]) == ["the key \"\" is empty; expected a name"])
        #expect(messages([String(repeating: "ä", count: 201)]).first?.hasSuffix("a name has at most 200") == true)
        var schema = JSONSchema(referencePrefix: "", allowsVariables: false)
        let described = schema.schema(.metadata)
        #expect(described["maxProperties"] == .integer(1000))
        #expect(described["patternProperties"]?.object?.members.map(\.name) == ["^[\\s\\S]{1,200}$"])
    }

    /// "b" must not be below "a", and the inner object must not be empty.
    private static let ruled = ObjectShape(
        name: "ruled",
        members: [
            MemberShape(name: "a", value: .integer(0...9), documentation: ""),
            MemberShape(name: "b", value: .integer(0...9), documentation: ""),
            MemberShape(name: "inner", value: .map(.integer(0...9)), documentation: ""),
        ],
        rules: [
            ObjectRule(problem: { object in
                guard let a = object["a"]?.wholeNumber, let b = object["b"]?.wholeNumber, b < a else { return nil }
                return (["b"], "is below a")
            }),
            ObjectRule(problem: { object in
                object["inner"]?.object?.members.first.map { (["inner", $0.name], "is one too many") }
            }),
        ])

    private static let examples: [(text: String, problems: [String])] = [
        (#"{"a": 1, "b": 2}"#, []), (#"{"a": 2, "b": 1}"#, ["/b is below a"]),
        (#"{"a": 2, "b": 1, "inner": {"c/d": 1}}"#, ["/b is below a", "/inner/c~1d is one too many"]),
        (#"{"a": 2, "b": 10}"#, ["/b is 10; expected a whole number from 0 to 9"]),
        (#"{"a": 2, "b": 1, "c": 1}"#, ["/c unknown member; known are a, b, inner, and names that start with x-"]),
        (#"{"inner": {"c": "d"}}"#, ["/inner/c is a string; expected a whole number from 0 to 9"]),
    ]

    @Test("a rule of an object is checked only if its members have the right shapes", arguments: examples.indices)
    func rules(index: Int) throws {
        let (text, problems) = Self.examples[index]
        let value = try JSONDocument.parse(Array(text.utf8))
        let diagnostics = Diagnostics()
        ShapeChecker(diagnostics).check(value, .object(Self.ruled), SourceLocation(file: ""))
        #expect(diagnostics.problems.map { ($0.pointer ?? "") + " " + $0.message } == problems)
    }

    @Test("the message about an unknown member of an empty object says that none is expected") func nothing() {
        let diagnostics = Diagnostics()
        let empty = ObjectShape(name: "empty", members: [])
        ShapeChecker(diagnostics).check(.object(["a": .null]), .object(empty), SourceLocation(file: ""))
        #expect(diagnostics.problems.map(\.message) == ["unknown member; none is expected"])
    }

    private static let user = ObjectShape(
        name: "user",
        members: ["userName", "firstName", "lastName", "displayName", "preferredLanguage", "emailVerified"].map {
            MemberShape(name: $0, value: .choice(noun: "a word", ["first", "second", "third"]), documentation: "")
        })

    /// Processor time of the check of an object, whose members are all problems.
    private static func work(_ count: Int, _ member: (Int) -> (name: String, value: JSON)) -> Int64 {
        var object = JSONObject()
        for index in 0..<count {
            let (name, value) = member(index)
            object.append(name, value)
        }
        let diagnostics = Diagnostics()
        let start = processorTime()
        ShapeChecker(diagnostics, source: .call).check(.object(object), .object(user), SourceLocation(file: ""))
        let time = processorTime() - start
        #expect(diagnostics.problems.last?.message == "and \(count - Diagnostics.limit) more problems")
        return time
    }

    @Test("hints are looked for in problems that are shown, and not in those that are only counted")
    func hints() {
        let members: [(String, (Int) -> (name: String, value: JSON))] = [
            ("unknown members", { ("usrName\($0)", .null) }),
            ("unknown values", { _ in ("userName", .string("forst")) }),
        ]
        for (name, member) in members {
            let shown = (0..<5).map { _ in Self.work(Diagnostics.limit + 2, member) }.min() ?? 0
            // A hundred times as many, which would take a hundred times as long.
            let isCheap = (0..<10).contains { _ in
                Self.work(100 * Diagnostics.limit, member) < 30 * max(100_000, shown)
            }
            #expect(isCheap, "\(name)")
        }
    }

    @Test("a mistyped member after a hundred problems is counted") func counted() {
        let shape = ObjectShape(
            name: "user",
            members: [
                MemberShape(name: "userName", value: .text(minimumLength: 0), isRequired: true, documentation: "")
            ])
        var object = JSONObject()
        for index in 0..<120 { object.append("m\(index)", .null) }
        object.append("username", "svc")
        let diagnostics = Diagnostics()
        ShapeChecker(diagnostics, source: .call).check(.object(object), .object(shape), SourceLocation(file: ""))
        #expect(diagnostics.problems.count == 101)
        #expect(diagnostics.problems.last?.message == "and 22 more problems")
    }
}
