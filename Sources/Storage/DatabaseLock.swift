import Glibc

/// The lock that says "a server works with this file". The system gives it back when the process ends, however it ends; within a process it is given
/// back when the lock is released, which must be after the last connection: closing any descriptor of the file drops the locks of SQLite with it.
final class DatabaseLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock, and makes the file if it is not there.
    /// - Throws: `StorageError` with `readOnly`, `cannotOpen` or `inUse`
    init(_ path: String) throws(StorageError) {
        let existed = access(path, F_OK) == 0
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let why = errno
            if why == EROFS || (existed && (why == EACCES || why == EPERM)) { throw .readOnly(path: path) }
            throw Self.failure(why, path)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw .inUse(path: path) }
    }

    /// Bytes of the file.
    var byteCount: Int {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    private static func failure(_ code: Int32, _ path: String) -> StorageError {
        switch code {
        case ENOENT where !hasFolder(path):
            .cannotOpen(
                path: path, why: "its folder does not exist", advice: "make it, or name another file with --database")
        case ENOENT:
            .cannotOpen(
                path: path, why: "no file can be made in its folder", advice: "name another file with --database")
        case EACCES, EPERM:
            .cannotOpen(
                path: path, why: String(cString: strerror(code)),
                advice:
                    "make its folder writable for this user (uid \(getuid())), mount another one, or use --database :memory:"
            )
        default: .cannotOpen(path: path, why: String(cString: strerror(code)))
        }
    }

    private static func hasFolder(_ path: String) -> Bool {
        guard let slash = path.lastIndex(of: "/") else { return true }
        return access(String(path[...slash]), F_OK) == 0
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }
}
