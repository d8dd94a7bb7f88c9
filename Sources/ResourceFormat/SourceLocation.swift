import Encodings

/// A place in a document: a seed file, or the body of a request.
public struct SourceLocation: Hashable, Sendable {
    /// The path of a file, or another name for where the document came from.
    public let file: String
    /// A JSON pointer (RFC 6901); empty for the whole document.
    public let pointer: String

    public init(file: String, pointer: String = "") {
        self.file = file
        self.pointer = pointer
    }

    /// The place of a member of the object that is here.
    public func member(_ name: String) -> SourceLocation {
        SourceLocation(file: file, pointer: JSONPointer.appending(name, to: pointer))
    }

    /// The place in a message about another place: its file only when that is another one.
    func description(seenFrom other: SourceLocation) -> String {
        file == other.file ? pointer : "\(file) \(pointer)"
    }

    /// The place of an element of the array that is here.
    public func element(_ index: Int) -> SourceLocation {
        SourceLocation(file: file, pointer: pointer + "/" + String(index))
    }
}
