import Encodings

/// The values of a pattern's parameters, percent-decoded.
public struct PathParameters: Sendable, Equatable {
    private let values: [String: String]

    init(_ values: [String: String]) {
        self.values = values
    }

    /// The value of a parameter; empty when the pattern has none of that name.
    public subscript(_ name: String) -> String { values[name] ?? "" }
}
