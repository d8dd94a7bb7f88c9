import Encodings

/// Something that a seed is read from: a file, a folder, or a text that is the seed itself.
public struct SeedInput: Sendable, Equatable {
    /// A path, or a seed.
    public let value: String
    /// What a seed that is a text is called in messages.
    let name: String
    public let isText: Bool

    /// - Parameters:
    ///   - values: paths and texts in the order in which they are read.
    ///   - origin: where they were given, such as `--seed`.
    public static func list(_ values: [String], from origin: String) -> [SeedInput] {
        values.enumerated().map { index, value in
            SeedInput(
                value: value, name: values.count == 1 ? origin : "\(origin) \(index + 1)", isText: isText(value))
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
