import ResourceFormat

/// The files that a seed names: relative to the seed file, key files to be generated below the key folder.
final class SeedFileAccess: DocumentFiles {
    private let keysFolder: String?
    /// The names of those documents that are not files.
    private let texts: Set<String>
    private let interpolatedLocations: Set<SourceLocation>
    /// All that were asked for, whether they are there or not.
    private(set) var paths: Set<String> = []

    init(keysFolder: String?, texts: Set<String>, interpolatedLocations: Set<SourceLocation>) {
        self.keysFolder = keysFolder
        self.texts = texts
        self.interpolatedLocations = interpolatedLocations
    }

    /// What is not in a folder of seeds, such as a text, standard input or a process substitution, names files of the working directory.
    private func folder(_ document: SourceLocation) -> String {
        texts.contains(document.file) || document.file.hasPrefix("/dev/") || document.file.hasPrefix("/proc/")
            ? "." : Files.folder(of: document.file)
    }

    func content(_ path: String, of document: SourceLocation) throws(DocumentFileError) -> [UInt8] {
        try read(Files.path(path, below: folder(document)), isKeyFile: document.pointer.hasSuffix("/keyFile"))
    }

    private func read(_ path: String, isKeyFile: Bool) throws(DocumentFileError) -> [UInt8] {
        paths.insert(path)
        guard !Files.isNamedPipe(path) else { throw DocumentFileError(message: "\(path): is a pipe; name a file") }
        do { return try Files.read(path) } catch {
            let advice = isKeyFile ? ", or register the public key instead" : ""
            let hint = error.advice.map { "; \($0)\(advice)" } ?? ""
            throw DocumentFileError(message: "\(path): \(error.message)\(hint)")
        }
    }

    func keyFile(
        _ path: String, of document: SourceLocation
    ) throws(DocumentFileError) -> (path: String, content: [UInt8]?) {
        let full = Files.path(path, below: keysFolder ?? folder(document))
        paths.insert(full)
        guard Files.exists(full) else { return (full, nil) }
        return (full, try read(full, isKeyFile: true))
    }

    func isFromEnvironment(_ location: SourceLocation) -> Bool { interpolatedLocations.contains(location) }
}
