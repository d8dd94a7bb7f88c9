public import Encodings

/// Something that a seed is read from: a file, a folder, or the seed itself, as text or parsed.
public struct SeedInput: Sendable, Equatable {
    enum Content: Sendable, Equatable {
        case path(String)
        case text(String)
        case document(JSON)
    }

    let content: Content
    /// What a seed that is not in a file is called in messages.
    let name: String

    /// Of a file or a folder; nil for a seed that is not in a file.
    public var path: String? { if case .path(let path) = content { path } else { nil } }

    /// A seed that was parsed.
    public init(_ document: JSON, named name: String) {
        content = .document(document)
        self.name = name
    }

    private init(_ value: String, named name: String) {
        content = Self.isText(value) ? .text(value) : .path(value)
        self.name = name
    }

    /// - Parameters:
    ///   - values: paths and texts in the order in which they are read.
    ///   - origin: where they were given, such as `--seed`.
    public static func list(_ values: [String], from origin: String) -> [SeedInput] {
        values.enumerated().map { index, value in
            SeedInput(value, named: values.count == 1 ? origin : "\(origin) \(index + 1)")
        }
    }

    /// What begins with a brace is a seed, and so is what holds one, or begins with a bracket or a quote, and is not a path.
    public static func isText(_ value: String) -> Bool {
        let start = TextFile.withoutByteOrderMark(Array(value.utf8)).first { !Self.isBlank($0) }
        if start == UInt8(ascii: "{") { return true }
        let begins = start.map { "['\"".utf8.contains($0) } ?? false
        return (begins || holdsBrace(value)) && !Files.exists(value)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// `${` is a variable that nobody replaced, and belongs to a path.
    private static func holdsBrace(_ value: String) -> Bool { value.replacing("${", with: "").utf8.contains(0x7B) }
}
