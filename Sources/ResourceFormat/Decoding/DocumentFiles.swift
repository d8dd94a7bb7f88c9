/// The files that a document refers to.
public protocol DocumentFiles {
    /// The content of a file.
    /// - Parameter path: as written in the document.
    /// - Throws: `DocumentFileError`
    func content(_ path: String, of document: SourceLocation) throws(DocumentFileError) -> [UInt8]
    /// Where a generated key file is, and its content; nil content when it does not exist yet.
    func keyFile(
        _ path: String, of document: SourceLocation
    ) throws(DocumentFileError) -> (path: String, content: [UInt8]?)
    /// Whether a variable of the environment was filled in at this place.
    func isFromEnvironment(_ location: SourceLocation) -> Bool
}
