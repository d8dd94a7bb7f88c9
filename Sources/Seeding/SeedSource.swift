import Encodings
public import Model
import ResourceFormat

/// What reading a seed needs from outside.
public struct SeedSource: Sendable {
    /// Files, folders and texts, in the order in which they are read.
    public var inputs: [SeedInput]
    /// Variables that strings may name; nil when they may name none.
    public var environment: [String: String]?
    /// Where `generate` puts key files; nil for the folder of the seed file.
    public var keysFolder: String?
    /// Whether the seed may name files.
    public var allowsFiles = true
    /// Whether problems are given their lines and columns.
    public var locatesProblems = true
    /// The version that the server follows, when that is not what the seed says.
    public var serverVersion: ServerVersion?
    /// Unix seconds; the date of what has none.
    public var now: Int64
    public var randomBytes: @Sendable (Int) -> [UInt8]

    public init(
        inputs: [SeedInput], environment: [String: String]?, keysFolder: String? = nil, allowsFiles: Bool = true,
        locatesProblems: Bool = true, now: Int64,
        randomBytes: @escaping @Sendable (Int) -> [UInt8]
    ) {
        self.inputs = inputs
        self.environment = environment
        self.keysFolder = keysFolder
        self.allowsFiles = allowsFiles
        self.locatesProblems = locatesProblems
        self.now = now
        self.randomBytes = randomBytes
    }
}
