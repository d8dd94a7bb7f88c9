public import Model

/// What decoding needs from outside.
public struct DecodingEnvironment {
    /// Unix seconds; the date of what has none.
    public var now: Int64
    public var randomBytes: (Int) -> [UInt8]
    /// The id of a resource that has none: its kind, and the names of the enclosing objects and its own.
    public var newID: (_ kind: String, _ path: [String]) -> String
    /// The form of personal access tokens without a value; nil for what the settings of the document say.
    public var opaqueTokenFormat: OpaqueTokenFormat?
    /// Files that the document may name; nil where it may name none.
    public var files: (any DocumentFiles)?

    public init(
        now: Int64, randomBytes: @escaping (Int) -> [UInt8],
        newID: @escaping (_ kind: String, _ path: [String]) -> String, opaqueTokenFormat: OpaqueTokenFormat? = nil,
        files: (any DocumentFiles)? = nil
    ) {
        self.now = now
        self.randomBytes = randomBytes
        self.newID = newID
        self.opaqueTokenFormat = opaqueTokenFormat
        self.files = files
    }
}
