import Encodings
import Model
import ResourceFormat
import Seeding
import TestSupport
import Testing

/// Variables of the environment, as Docker Compose has them.
@Suite struct InterpolationTests {
    private static let environment = ["A": "a", "B": "b", "EMPTY": "", "CR": "secret\r\n", "DOLLAR": "${A}"]

    private static func seed(_ text: String) -> String {
        #"{"organizations": [{"name": \#(JSON.string(text).text)}]}"#
    }

    static let values: [(text: String, value: String)] = [
        ("${EMPTY:-d}", "d"), ("${EMPTY-d}x", "x"), ("${NONE-d}", "d"), ("${A-d}", "a"), ("${A:-d}", "a"),
        ("${NONE:-${B}}", "b"), ("${NONE:-x${NONE:-${A}}y}", "xay"), ("${A:-${NONE}}", "a"), ("${A:?must}", "a"),
        ("${A?must}", "a"), ("x${EMPTY?must}", "x"), ("${A:+yes}", "yes"), ("x${EMPTY:+yes}", "x"),
        ("${EMPTY+yes}", "yes"), ("${NONE:-a}b}", "ab}"), ("${NONE:-$${A}}", "${A}"), ("$$", "$$"), ("${CR}", "secret"),
        ("${DOLLAR}", "${A}"), ("$$${A}", "$a"), ("$$$${A}", "$${A}"), ("$$$$${A}", "$$a"), ("$$$", "$$$"),
        ("$A", "$A"),
        ("${NONE:-$$${A}}", "$a"), ("${A:-$$${NONE}}", "a"), ("${A:-$$${NONE}}b", "ab"),
    ]

    @Test("a variable is replaced by its value", arguments: values.indices)
    func value(index: Int) throws {
        let example = Self.values[index]
        let seed = try SeedReading.load(text: Self.seed(example.text), environment: Self.environment)
        #expect(seed.resources.organizations.first?.name == example.value, "\(example.text)")
        #expect(seed.warnings.isEmpty == !["${CR}", "$A"].contains(example.text))
    }

    @Test("variables may be 16 deep in each other, and no deeper") func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "${NONE:-", count: depth) + "x" + String(repeating: "}", count: depth)
        }
        #expect(try SeedReading.load(text: Self.seed(nested(16))).resources.organizations.first?.name == "x")
        #expect(
            SeedReading.problems(text: Self.seed(nested(17))).first?.contains("nests variables more than 16 deep")
                == true
        )
    }

    static let bare: [(text: String, name: String?)] = [
        ("$A", "A"), ("x-$A", "A"), ("${B}$A", "A"), ("$NONE_SET", "NONE_SET"), ("$$A", nil), ("pa$word", nil),
        ("$word", nil), ("$1", nil), ("$-", nil), ("$${A}", nil), ("$NONE x", nil),
    ]

    @Test("a variable without braces, which Compose would replace, causes a warning", arguments: bare.indices)
    func withoutBraces(index: Int) throws {
        let (text, name) = Self.bare[index]
        let warnings = try SeedReading.load(text: Self.seed(text), environment: Self.environment).warnings
        let expected = name.map {
            "\"$\($0)\" is not replaced, and is part of the text; write \"${\($0)}\" for the variable"
        }
        #expect(warnings.map(\.message) == [expected].compactMap { $0 })
    }

    static let odd: [(value: String, sentence: String?)] = [
        (" x", "begins or ends with white space, which is part of the secret"),
        ("\"x\"", "is in quotation marks, which are part of the secret"),
        ("'x'", "is in quotation marks, which are part of the secret"),
        ("\u{FEFF}x", "begins with a byte order mark, which is part of the secret"),
        ("x\ny", "holds several lines, which are all part of the secret"), ("x y", nil), ("x\"", nil), ("\"", nil),
    ]

    @Test(
        "surplus characters around the value of a variable that becomes a secret cause a warning",
        arguments: odd.indices)
    func oddSecrets(index: Int) throws {
        let (value, sentence) = Self.odd[index]
        let user = #"{"type": "machine", "userName": "m", "clientSecret": "${S}"}"#
        let human = #"{"type": "human", "userName": "h", "password": "${S}"}"#
        let seed = #"{"organizations": [{"name": "A", "users": [\#(user), \#(human)]}]}"#
        let warnings = try SeedReading.load(text: seed, environment: ["S": value]).warnings
        #expect(
            warnings.map(\.message) == sentence.map {
                ["the value of the variable \($0)", "the value of the variable \($0)"]
            } ?? [])
        let literal = seed.replacing(#""${S}""#, with: JSON.string(value).text)
        #expect(try SeedReading.load(text: literal).warnings.isEmpty)
    }

    @Test("a long run of dollar signs is read once")
    func dollars() throws {
        let run = String(repeating: "$", count: 300_001)
        let text =
            #"{"organizations": [{"name": "A", "users": [{"type": "machine", "userName": "m", "description": ""#
            + run + "x" + run + #"{A}"}]}]}"#
        let seed = try SeedReading.load(text: text, environment: Self.environment)
        let description = try #require(seed.resources.users.first?.machine?.description)
        #expect(description.utf8.count == 450_002 + Self.environment["A", default: ""].utf8.count)
    }

    @Test("a seed that may name no variables is refused when it names one, whatever the environment has")
    func noVariables() {
        let document: JSON = ["organizations": [["name": "${HOME}"]]]
        #expect {
            _ = try Seed.load(
                SeedSource(
                    inputs: [SeedInput(document, named: "seed")], environment: nil, now: 0, randomBytes: { _ in [] }))
        } throws: {
            ($0 as? InvalidSeed)?.problems.map(\.message) == [
                "names a variable, and such a seed may name none; write $${ for a literal ${"
            ]
        }
    }

    static let failures: [(text: String, message: String)] = [
        ("${NONE}", "the environment has no variable NONE; set it, or give a default: ${NONE:-…}"),
        ("${NONE:?set it in .env}", "the environment variable NONE is required: set it in .env"),
        ("${EMPTY:?}", "the environment variable EMPTY is required"),
        ("${NONE?x ${A}}", "the environment variable NONE is required: x a"),
        ("${NONE:-${B}", "holds \"${\" without a closing \"}\"; write $${ for a literal ${"),
        ("${A/b/c}", "\"${A/b/c}\" is not supported; "), ("${}", "\"${}\" is not supported; "),
        ("${1A}", "\"${1A}\" is not supported; "), ("${A:}", "\"${A:}\" is not supported; "),
        ("${a b}", "\"${a b}\" is not supported; "),
    ]

    @Test("a variable that cannot be replaced is reported", arguments: failures.indices)
    func failure(index: Int) {
        let example = Self.failures[index]
        let problems = SeedReading.problems(text: Self.seed(example.text), environment: Self.environment)
        #expect(problems.count == 1)
        #expect(problems.first?.contains("/organizations/0/name: \(example.message)") == true, "\(problems)")
    }
}
