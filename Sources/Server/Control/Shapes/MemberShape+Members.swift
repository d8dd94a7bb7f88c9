import Encodings
import ResourceFormat

extension MemberShape {
    /// A member that may be left out.
    static func may(_ name: String, _ value: Shape, _ documentation: String) -> MemberShape {
        MemberShape(name: name, value: value, documentation: documentation)
    }

    /// A member that must be there.
    static func must(_ name: String, _ value: Shape, _ documentation: String) -> MemberShape {
        MemberShape(name: name, value: value, isRequired: true, documentation: documentation)
    }
}

extension Shape {
    static let anyText = Shape.text(minimumLength: 0)
    static let someText = Shape.text(minimumLength: 1)
    static let count = Shape.integer(0...Int64.max)

    /// "13h", "-90s", "200ms"
    static let timeSpan = Shape.pattern(
        TextPattern(
            expression: "^[+-]?([0-9]{1,9}(ms|h|m|s|d)){1,4}$",
            expected: "a duration such as \"13h\", \"-90s\" or \"200ms\"", example: "13h",
            isValid: { GoDuration($0) != nil }))

    /// One of the values of an enumeration.
    static func oneOf<Choice: RawRepresentable<String> & CaseIterable>(_ noun: String, _: Choice.Type) -> Shape {
        .choice(noun: noun, Choice.allCases.map(\.rawValue))
    }
}
