/// Why the server cannot listen, in one line that says what to do.
public struct ListenError: Error, CustomStringConvertible {
    public let description: String
}
