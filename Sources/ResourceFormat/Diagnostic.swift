/// One thing that is wrong with a document.
public struct Diagnostic: Sendable, Equatable, CustomStringConvertible {
    /// A file, or a file with line and column when it is not JSON.
    public let file: String
    /// A JSON pointer (RFC 6901); nil when the whole file is meant, empty for its top.
    public let pointer: String?
    /// What is wrong, and what was expected.
    public internal(set) var message: String
    /// Whether the value is fine but for another resource that has it already.
    public var isConflict = false
    /// How many problems it stands for.
    public internal(set) var count = 1
    /// Counted from 1, columns in bytes; nil when the place is not known, or is part of `file`.
    public var position: (line: Int, column: Int)?

    public init(file: String, pointer: String?, message: String) {
        self.file = file
        self.pointer = pointer
        self.message = message
    }

    public static func == (left: Diagnostic, right: Diagnostic) -> Bool {
        left.file == right.file && left.pointer == right.pointer && left.message == right.message
    }

    /// `FILE: POINTER: message (line 3, column 5)`, in one line whatever names are quoted.
    public var description: String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
    }

    private var text: String {
        let location = position.map { " (line \($0.line), column \($0.column))" } ?? ""
        guard let pointer else { return "\(file): \(message)\(location)" }
        return "\(file): \(pointer.isEmpty ? "/" : pointer): \(message)\(location)"
    }
}
