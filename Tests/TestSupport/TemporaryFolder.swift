public import Glibc

/// A folder of its own for a test; it is removed with the last reference.
public final class TemporaryFolder: Sendable {
    public let path: String

    public init() {
        var template = Array("/tmp/mock-zitadel-test-XXXXXX".utf8CString)
        path = template.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress, mkdtemp(start) != nil else { return "/tmp" }
            return String(cString: start)
        }
    }

    deinit {
        guard path.hasPrefix("/tmp/mock-zitadel-test-") else { return }
        Self.remove(path)
    }

    private static func remove(_ path: String) {
        if let folder = opendir(path) {
            while let entry = readdir(folder) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { remove(path + "/" + name) }
            }
            closedir(folder)
        }
        Glibc.remove(path)
    }

    /// Writes a file, making the folders above it, and gives its path.
    @discardableResult
    public func write(_ text: String, to name: String, mode: mode_t = 0o644) -> String {
        let full = path + "/" + name
        for index in full.indices where full[index] == "/" && index > full.startIndex {
            mkdir(String(full[..<index]), 0o755)
        }
        let descriptor = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
        return full
    }

    public func read(_ name: String) -> String? { readText(path + "/" + name) }

    /// Whether the bytes of a text are anywhere in a file, or in the files that SQLite keeps next to it.
    public func holds(_ text: String, in name: String) -> Bool {
        ["", "-wal", "-shm"].contains { suffix in
            readBytes(path + "/" + name + suffix)?.firstRange(of: Array(text.utf8)) != nil
        }
    }
}

/// A file's content as text; nil when there is none.
public func readText(_ path: String) -> String? { readBytes(path).map { String(decoding: $0, as: UTF8.self) } }

/// A file's content; nil when there is none.
public func readBytes(_ path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var content: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    while case let count = Glibc.read(descriptor, &buffer, buffer.count), count > 0 { content += buffer[..<count] }
    return content
}

/// A text that belongs to the tests, without its last line end. A test cannot go on without it.
/// - Parameter path: the path below `Tests`.
public func testFile(_ path: String) -> String {
    guard var text = readText("\(packageRoot)/Tests/\(path)") else { fatalError("Tests/\(path) cannot be read") }
    if text.last == "\n" { text.removeLast() }
    return text
}

/// The root of the package.
public let packageRoot: String = {
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    parts.removeLast(3)
    return parts.joined(separator: "/")
}()
