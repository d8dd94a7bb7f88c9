import Encodings
import ResourceFormat
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
}
