/// Where and why a text is not JSON.
public struct JSONSyntaxError: Error, Equatable {
    /// Counted from 1; columns count bytes.
    public let line: Int
    public let column: Int
    public let message: String
}
