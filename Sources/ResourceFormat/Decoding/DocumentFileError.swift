/// Why a file cannot be used.
public struct DocumentFileError: Error {
    public let message: String

    public init(message: String) {
        self.message = message
    }
}
