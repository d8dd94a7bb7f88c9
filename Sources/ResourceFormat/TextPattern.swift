/// A form that strings have.
public struct TextPattern: Sendable {
    /// A regular expression for the JSON Schema. It may match more than `isValid` accepts.
    public let expression: String
    /// For messages, such as "a duration such as \"13h\"".
    public let expected: String
    /// One that is valid.
    public let example: String
    public let isValid: @Sendable (String) -> Bool

    public init(
        expression: String, expected: String, example: String, isValid: @escaping @Sendable (String) -> Bool
    ) {
        self.expression = expression
        self.expected = expected
        self.example = example
        self.isValid = isValid
    }
}
