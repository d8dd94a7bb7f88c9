import Encodings
import ResourceFormat

/// A parameter of the query of a control route.
struct QueryParameter: Sendable {
    let name: String
    let shape: Shape
    let documentation: String

    init(_ name: String, _ shape: Shape, _ documentation: String) {
        self.name = name
        self.shape = shape
        self.documentation = documentation
    }

    /// Those of every list.
    static let paging = [
        QueryParameter("limit", .integer(1...1000), "Items at most. Default: 100."),
        QueryParameter("after", .text(minimumLength: 0), "Items after this id, as `next` of an answer gave it."),
    ]

    /// The value of a text.
    /// - Throws: `Problem` when it does not fit the shape.
    func checked(_ text: String) throws(Problem) -> JSON {
        var value = JSON.string(text)
        if case .integer(let range) = shape {
            guard let number = Int64(text) else {
                throw Problem(
                    .invalidParameter,
                    "\(name) is \(Self.quoted(text)); expected a whole number from \(range.lowerBound) to \(range.upperBound)"
                )
            }
            value = .integer(number)
        }
        let diagnostics = Diagnostics()
        ShapeChecker(diagnostics, source: .call).check(value, shape, SourceLocation(file: ""))
        guard let message = diagnostics.problems.first?.message else { return value }
        // Most messages name the value themselves.
        throw Problem(.invalidParameter, message.hasPrefix("\"") ? "\(name): \(message)" : "\(name) \(message)")
    }

    static func quoted(_ text: String) -> String { JSON.string(String(text.prefix(100))).text }
}
