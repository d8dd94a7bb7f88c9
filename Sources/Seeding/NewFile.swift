import Glibc

/// Creates files that must not exist yet.
public enum NewFile {
    public struct Failure: Error {
        public let message: String
        /// Whether there is a file of that name already.
        public let isExisting: Bool
    }

    /// Writes a new file, and creates the folders above it that are missing.
    /// - Parameter mode: permissions, whatever the umask.
    public static func write(_ path: String, _ content: [UInt8], mode: UInt32) throws(Failure) {
        do { try Files.create(path, content, mode: mode) } catch {
            throw Failure(message: error.message, isExisting: error.code == EEXIST)
        }
    }
}
