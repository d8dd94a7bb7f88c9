import CSQLite
import Glibc
import Synchronization

/// The instance's database: one writer, several readers, all of SQLite.
///
/// Commits are durable against the death of the process (WAL, `synchronous=NORMAL`); a power cut may take the last few, never the file.
public final class Storage: Sendable {
    /// The path of a database that lives and dies with the process.
    public static let inMemory = ":memory:"

    private let writer: SharedConnection
    private let readers: [SharedConnection]
    private let path: String
    private let turn = Atomic<Int>(0)
    /// Only `write` and the look-up of tokens know it.
    let tokenCache = TokenCache()
    /// Bytes of authorization requests without and with a code, and of device authorizations that nobody has answered, each.
    private static let pendingLimit = 16 << 20
    let pendingAuthRequests = PendingRows<String>(limit: pendingLimit)
    /// Requests that have a code.
    let codes = PendingRows<String>(limit: pendingLimit)
    let pendingDevices = PendingRows<[UInt8]>(limit: pendingLimit)
    /// Declared after the connections, so that it is given back after they are closed. nil for a database in memory.
    private let claim: DatabaseLock?

    /// Bytes at the beginning of every file that SQLite wrote.
    private static let headerSize = 100

    /// Milliseconds that a request waits for another process to end its transaction. The threads that wait serve other requests, too.
    static let busyTimeout: Int32 = 100

    /// Whether the database outlives the process.
    public var isPersistent: Bool { claim != nil }

    /// Opens or makes the database and brings its schema up to date.
    ///
    /// - Parameters:
    ///   - path: a file (next to it are `-wal` and `-shm` while the server runs), or `:memory:`.
    ///   - readerCount: connections that read while one writes; a database in memory has none but the writer.
    /// - Throws: `StorageError`; the file is then as it was.
    public init(path: String, readerCount: Int = 4) throws(StorageError) {
        guard !path.isEmpty else { throw .emptyPath }
        self.path = path
        guard path != Self.inMemory else {
            let connection = try Connection(path: path)
            try Self.prepare(connection, path: path)
            writer = SharedConnection(connection)
            readers = []
            claim = nil
            return
        }
        let claim = try DatabaseLock(path)
        // SQLite takes a file of one byte for an empty one.
        guard claim.byteCount == 0 || claim.byteCount >= Self.headerSize else { throw .notADatabase(path: path) }
        let connection = try Connection(path: path)
        try Self.prepare(connection, path: path)
        connection.setBusyTimeout(milliseconds: Self.busyTimeout)
        writer = SharedConnection(connection)
        var readers: [SharedConnection] = []
        for _ in 0..<readerCount {
            let reader = try Connection(path: path, readOnly: true)
            reader.setBusyTimeout(milliseconds: Self.busyTimeout)
            readers.append(SharedConnection(reader))
        }
        self.readers = readers
        self.claim = claim
    }

    private static func prepare(_ connection: Connection, path: String) throws(StorageError) {
        do throws(StorageError) {
            try open(connection, path: path)
        } catch {
            guard case .sqlite(let code, let message) = error else { throw error }
            switch code & 0xFF {
            case SQLITE_NOTADB: throw StorageError.notADatabase(path: path)
            case SQLITE_CORRUPT: throw StorageError.damaged(path: path, why: message)
            case SQLITE_BUSY, SQLITE_LOCKED: throw StorageError.inUse(path: path)
            case SQLITE_READONLY: throw StorageError.readOnly(path: path)
            case SQLITE_FULL: throw StorageError.full(path: path)
            default: throw StorageError.cannotOpen(path: path, why: message)
            }
        }
    }

    private static func open(_ connection: Connection, path: String) throws(StorageError) {
        let isEmpty = try connection.rows("SELECT 1 FROM sqlite_schema LIMIT 1") { _ in true }.isEmpty
        let version = try version(of: connection, isEmpty: isEmpty, path: path)
        guard !connection.isReadOnly else { throw .readOnly(path: path) }
        try connection.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON")
        if version < Schema.migrations.count {
            try connection.transaction { () throws(StorageError) in
                try migrate(connection, from: version, path: path)
                try connection.execute(
                    "PRAGMA application_id = \(Schema.applicationID); PRAGMA user_version = \(Schema.migrations.count)")
            }
        }
        if !isEmpty, let missing = try SchemaCheck.missing(in: connection) {
            throw .damaged(path: path, why: "the \(missing) is missing")
        }
    }

    /// How many of the migrations were run: a number that the file may have from anybody.
    private static func version(
        of connection: Connection, isEmpty: Bool, path: String
    ) throws(StorageError) -> Int {
        func pragma(_ name: String) throws(StorageError) -> Int64 {
            try connection.rows("PRAGMA \(name)") { $0.integer(0) }.first ?? 0
        }
        let application = try pragma("application_id")
        guard application == Schema.applicationID || (isEmpty && application == 0) else {
            throw .foreignDatabase(path: path)
        }
        let version = Int(try pragma("user_version"))
        guard version <= Schema.migrations.count else {
            throw .newerVersion(path: path, found: version, known: Schema.migrations.count)
        }
        guard version > 0 || (isEmpty && version == 0) else {
            throw .damaged(path: path, why: "its schema version is \(version)")
        }
        guard !isEmpty || version == 0 else {
            throw .damaged(path: path, why: "its schema version is \(version), and it has no tables")
        }
        return version
    }

    private static func migrate(_ connection: Connection, from version: Int, path: String) throws(StorageError) {
        for migration in Schema.migrations[version...] {
            do throws(StorageError) { try connection.execute(migration) } catch {
                guard case .sqlite(SQLITE_ERROR, let message) = error else { throw error }
                throw .damaged(path: path, why: "its tables are not those of its schema version \(version): \(message)")
            }
        }
    }

    /// Runs a query on the readers in turn.
    func read<Result: Sendable>(_ body: (Connection) throws(StorageError) -> Result) throws(StorageError) -> Result {
        guard !readers.isEmpty else { return try use(writer, body) }
        let index = turn.wrappingAdd(1, ordering: .relaxed).newValue & Int.max
        return try use(readers[index % readers.count], body)
    }

    /// Runs a change. Changes wait for each other.
    ///
    /// This is the one place where cached tokens are dropped: after every change that does not promise to end none.
    /// - Parameter endsTokens: false for a change that ends, removes and alters no access token that was there before.
    func write<Result: Sendable>(
        endsTokens: Bool = true, _ body: (Connection) throws(StorageError) -> Result
    ) throws(StorageError) -> Result {
        defer { if endsTokens { tokenCache.invalidate() } }
        return try use(writer, body)
    }

    private func use<Result: Sendable>(
        _ shared: SharedConnection, _ body: (Connection) throws(StorageError) -> Result
    ) throws(StorageError) -> Result {
        do throws(StorageError) {
            return try shared.connection.withLock { connection throws(StorageError) in try body(connection) }
        } catch {
            guard case .sqlite(let code, let message) = error else { throw error }
            switch code & 0xFF {
            case SQLITE_CONSTRAINT: throw error
            case SQLITE_CORRUPT, SQLITE_NOTADB: throw .damaged(path: path, why: message)
            case SQLITE_FULL: throw .full(path: path)
            case SQLITE_BUSY: throw .locked(path: path)
            default: throw .failed(path: path, why: message, code: code)
            }
        }
    }

    /// Moves what the write-ahead log holds into the file, so that a copy of the file alone is complete. Called when the server stops.
    public func checkpoint() {
        _ = try? write { connection throws(StorageError) in
            _ = try connection.rows("PRAGMA wal_checkpoint(TRUNCATE)") { _ in }
        }
    }
}
