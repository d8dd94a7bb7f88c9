import Glibc

/// Reading and writing whole files.
package enum Files {
    /// Larger files, in bytes, are not read.
    static let limit = 16 << 20

    package struct Failure: Error {
        package let message: String
        /// `errno`; 0 for none.
        var code: Int32 = 0

        static func system(_ code: Int32, _ prefix: String = "") -> Failure {
            Failure(message: prefix + (code == ENOENT ? "no such file" : String(cString: strerror(code))), code: code)
        }
    }

    package static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The names in a folder, sorted bytewise.
    package static func names(inFolder path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            names.append(name)
        }
        return names.filter { $0 != "." && $0 != ".." }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    package static func read(_ path: String) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .system(errno)
        }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return content }
            guard count > 0 else { throw .system(errno) }
            content += buffer[..<count]
            guard content.count <= limit else { throw Failure(message: "over \(limit >> 20) MiB") }
        }
    }

    /// Writes a new file, and creates the folders above it that are missing. Never overwrites.
    static func create(_ path: String, _ content: [UInt8], mode: mode_t = 0o600) throws(Failure) {
        for index in path.indices where path[index] == "/" && index > path.startIndex {
            let folder = String(path[..<index])
            guard !exists(folder) else { continue }
            guard mkdir(folder, 0o755) == 0 || errno == EEXIST else {
                throw .system(errno, "the folder \(folder) cannot be created: ")
            }
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw .system(errno) }
        // Exactly this mode, whatever the umask.
        fchmod(descriptor, mode)
        defer { close(descriptor) }
        var rest = content[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw .system(errno) }
            rest = rest.dropFirst(count)
        }
    }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    package static func path(_ path: String, below folder: String) -> String {
        path.hasPrefix("/") || folder == "." ? path : folder.hasSuffix("/") ? folder + path : folder + "/" + path
    }
}
