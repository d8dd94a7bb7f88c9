import Glibc

extension Files {
    /// Writes a new file, and creates the folders above it that are missing. Never overwrites, and leaves no file that is not complete.
    static func create(_ path: String, _ content: [UInt8], mode: mode_t = 0o600) throws(Failure) {
        try createFolders(above: path)
        var status = stat()
        guard lstat(path, &status) != 0 else { throw .system(EEXIST) }
        // Hidden, so that it is not read as a seed, and shorter than any limit of names.
        let temporary = Self.path(".mock-zitadel-\(getpid())-\(UInt32.random(in: 0 ... .max))", below: folder(of: path))
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw .system(errno) }
        defer { unlink(temporary) }
        do throws(Failure) { try write(content, to: descriptor, mode) } catch {
            close(descriptor)
            throw error
        }
        guard close(descriptor) == 0 else { throw .system(errno) }
        try publish(temporary, as: path)
    }

    private static func createFolders(above path: String) throws(Failure) {
        for index in path.indices where path[index] == "/" && index > path.startIndex {
            let folder = String(path[..<index])
            guard !exists(folder) else { continue }
            guard mkdir(folder, 0o755) == 0 || errno == EEXIST else {
                throw .system(errno, "the folder \(folder) cannot be created: ")
            }
        }
    }

    private static func write(_ content: [UInt8], to descriptor: Int32, _ mode: mode_t) throws(Failure) {
        // Exactly this mode, whatever the umask.
        fchmod(descriptor, mode)
        var rest = content[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw .system(errno) }
            rest = rest.dropFirst(count)
        }
        // Some file systems say only now that they are full.
        guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else { throw .system(errno) }
    }

    /// Gives a complete file its name, unless that is taken.
    private static func publish(_ temporary: String, as path: String) throws(Failure) {
        if link(temporary, path) == 0 { return }
        guard errno != EEXIST else { throw .system(EEXIST) }
        // A file system without hard links: the name is taken first, and the file then replaces what took it.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(errno) }
        close(descriptor)
        guard rename(temporary, path) == 0 else {
            let code = errno
            unlink(path)
            throw .system(code)
        }
    }
}
