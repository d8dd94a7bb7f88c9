import CSQLite

/// Why the database cannot be used, in one line that says what to do.
public enum StorageError: Error, CustomStringConvertible, Equatable {
    case cannotOpen(
        path: String, why: String, advice: String = "name a file with --database, or use --database :memory:")
    case notADatabase(path: String)
    case foreignDatabase(path: String)
    /// It is of this program, and something of it is missing or cannot be read.
    case damaged(path: String, why: String)
    case emptyPath
    case inUse(path: String)
    case readOnly(path: String)
    case newerVersion(path: String, found: Int, known: Int)
    /// A resource collides with another one, or refers to one that is not there.
    case conflict(String)
    /// What a transaction wants to use up was used before. Thrown within transactions, so that nothing of one that lost stays.
    case usedUp
    /// There is no room for what is to be written.
    case full(path: String)
    /// Another process is writing to it.
    case locked(path: String)
    /// Something else that the system or SQLite reports of the file.
    case failed(path: String, why: String, code: Int32)
    /// What SQLite reports, before the database is known that it is about; in the end only of violated constraints.
    case sqlite(code: Int32, message: String)

    /// Whether a value is taken, or something that the change needs is not there.
    public var isConflict: Bool {
        switch self {
        case .conflict: true
        case .sqlite(let code, _): code & 0xFF == SQLITE_CONSTRAINT
        default: false
        }
    }

    /// Whether a row refers to one that is not there any more.
    public var isOfMissingRow: Bool {
        // SQLITE_CONSTRAINT_FOREIGNKEY
        if case .sqlite(code: SQLITE_CONSTRAINT | 3 << 8, _) = self { true } else { false }
    }

    public var description: String {
        switch self {
        case .cannotOpen(let path, let why, let advice): "database \(path): cannot be opened: \(why); \(advice)"
        case .notADatabase(let path):
            "database \(path): is not an SQLite database; name another file with --database, or move this one away"
        case .foreignDatabase(let path):
            "database \(path): belongs to another program; name another file with --database"
        case .damaged(let path, let why):
            "database \(path): is damaged: \(why); name another file with --database, or move this one away"
        case .emptyPath: "database: the path is empty; name a file with --database, or use --database :memory:"
        case .inUse(let path):
            "database \(path): is in use by another process; stop that one, or name another file with --database"
        case .readOnly(let path):
            "database \(path): is read-only; make the file and its folder writable, or use --database :memory:"
        case .newerVersion(let path, let found, let known):
            "database \(path): was written by a newer mock-zitadel (schema \(found), this one knows \(known)); update, or name another file with --database"
        case .conflict(let what): "database: \(what)"
        case .usedUp: "database: it was used before"
        case .full(let path): "database \(path): the disk is full; make room, or name another file with --database"
        case .locked(let path):
            "database \(path): another process is writing to it; end its transaction, or name another file with --database"
        case .failed(let path, let why, let code): "database \(path): \(why) (SQLite code \(code))"
        case .sqlite(let code, let message): "database: \(message) (SQLite code \(code))"
        }
    }
}
