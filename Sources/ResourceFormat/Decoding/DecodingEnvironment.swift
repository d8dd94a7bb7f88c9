/// What decoding needs from outside.
public struct DecodingEnvironment {
    /// Unix seconds; the date of what has none.
    public var now: Int64
    public var randomBytes: (Int) -> [UInt8]
    /// The id of a resource that has none: its kind, and the names of the enclosing objects and its own.
    public var newID: (_ kind: String, _ path: [String]) -> String
    /// Files that the document may name; nil where it may name none.
    public var files: (any DocumentFiles)?

    public init(
        now: Int64, randomBytes: @escaping (Int) -> [UInt8],
        newID: @escaping (_ kind: String, _ path: [String]) -> String, files: (any DocumentFiles)? = nil
    ) {
        self.now = now
        self.randomBytes = randomBytes
        self.newID = newID
        self.files = files
    }
}
