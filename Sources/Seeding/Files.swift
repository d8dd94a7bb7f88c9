import Glibc

/// Reading and writing whole files.
package enum Files {
    /// Larger files, in bytes, are not read.
    static let limit = 16 << 20

    package struct Failure: Error {
        package let message: String
        /// `errno`; 0 for none.
        var code: Int32 = 0

        /// What to do about it, to follow the message; nil when that depends on the file.
        var advice: String? { code == EACCES ? "make it readable for this user (uid \(getuid()))" : nil }

        static func system(_ code: Int32, _ prefix: String = "") -> Failure {
            Failure(message: prefix + (code == ENOENT ? "no such file" : String(cString: strerror(code))), code: code)
        }
    }

    package static func isFolder(_ path: String) -> Bool { kind(of: path) == S_IFDIR }

    /// Whether it is a file that can be read more than once; pipes and devices cannot.
    package static func isRegular(_ path: String) -> Bool { kind(of: path) == S_IFREG }

    /// The type of what is there, links followed; nil when nothing is.
    private static func kind(of path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The names in a folder, sorted bytewise. What is not UTF-8 in them is U+FFFD.
    package static func names(inFolder path: String) throws(Failure) -> [String] {
        guard let folder = opendir(path) else { throw .system(errno) }
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
        guard descriptor >= 0 else { throw unreadable(path, errno) }
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

    /// Why a file could not be opened; of a link, what it leads to.
    private static func unreadable(_ path: String, _ code: Int32) -> Failure {
        var target = [CChar](repeating: 0, count: 4096)
        let count = readlink(path, &target, target.count)
        guard code == ENOENT, count > 0 else { return .system(code) }
        let name = String(decoding: target.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return Failure(message: "is a link to \(name), which is not there", code: code)
    }

    /// Whether it is a named pipe, which may have nobody who writes. Those of `/dev` and `/proc` are open already.
    static func isNamedPipe(_ path: String) -> Bool {
        kind(of: path) == S_IFIFO && !path.hasPrefix("/dev/") && !path.hasPrefix("/proc/")
    }

    /// What keeps a file from being created at a path, as far as it can be known before; nil when nothing does.
    static func problem(creating path: String) -> Failure? {
        var parent = folder(of: path)
        while !exists(parent), parent != "/", parent != "." { parent = folder(of: parent) }
        guard isFolder(parent) else { return .system(ENOTDIR, "\(parent): ") }
        return access(parent, W_OK | X_OK) == 0 ? nil : .system(errno, "\(parent): ")
    }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    package static func path(_ path: String, below folder: String) -> String {
        path.hasPrefix("/") || folder == "." ? path : folder.hasSuffix("/") ? folder + path : folder + "/" + path
    }
}
