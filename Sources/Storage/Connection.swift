import CSQLite

/// One connection to SQLite, used by one thread at a time. Statements are prepared once and kept.
final class Connection {
    private let handle: OpaquePointer
    private var statements: [String: OpaquePointer] = [:]
    /// By table, what writes a row into these columns: a seed may have tens of thousands, and to make the text takes as long as to write one.
    var upserts: [String: (names: [String], text: String)] = [:]

    /// - Parameter path: a file, or `:memory:`.
    init(path: String, readOnly: Bool = false) throws(StorageError) {
        var opened: OpaquePointer?
        // SQLite takes what begins with "file:" for a URI, and would make a database in memory of "file:x?mode=memory".
        let name = path.hasPrefix("file:") ? "./" + path : path
        let mode = readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        let code = sqlite3_open_v2(name, &opened, mode | SQLITE_OPEN_NOMUTEX, nil)
        guard let opened else { throw .cannotOpen(path: path, why: "out of memory") }
        guard code == SQLITE_OK else {
            let why = String(cString: sqlite3_errmsg(opened))
            sqlite3_close_v2(opened)
            throw .cannotOpen(path: path, why: why)
        }
        handle = opened
        sqlite3_extended_result_codes(handle, 1)
        setBusyTimeout(milliseconds: 2000)
        addLowercased()
    }

    /// The function `lowercased(text)` for migrations. SQLite's own `lower` changes letters of ASCII only.
    private func addLowercased() {
        sqlite3_create_function_v2(
            handle, "lowercased", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nil,
            { context, _, arguments in
                guard let argument = arguments?[0], let bytes = sqlite3_value_text(argument) else { return }
                let count = Int(sqlite3_value_bytes(argument))
                let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self).lowercased()
                mz_result_text(context, text, Int32(text.utf8.count))
            }, nil, nil, nil)
    }

    /// How long to wait for a lock of another process.
    func setBusyTimeout(milliseconds: Int32) { sqlite3_busy_timeout(handle, milliseconds) }

    deinit {
        statements.values.forEach { _ = sqlite3_finalize($0) }
        sqlite3_close_v2(handle)
    }

    var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") == 1 }

    private func failure(_ code: Int32) -> StorageError {
        .sqlite(code: code, message: String(cString: sqlite3_errmsg(handle)))
    }

    /// Runs statements that take no values and give no rows.
    func execute(_ sql: String) throws(StorageError) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw failure(code) }
    }

    private func prepared(_ sql: String, _ values: [Value]) throws(StorageError) -> OpaquePointer {
        let statement: OpaquePointer
        if let known = statements[sql] {
            statement = known
        } else {
            var made: OpaquePointer?
            let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil)
            guard code == SQLITE_OK, let made else { throw failure(code) }
            statements[sql] = made
            statement = made
        }
        for (offset, value) in values.enumerated() {
            let index = Int32(offset + 1)
            let code =
                switch value {
                case .null: sqlite3_bind_null(statement, index)
                case .integer(let number): sqlite3_bind_int64(statement, index, number)
                case .text(let text): mz_bind_text(statement, index, text, Int32(text.utf8.count))
                // An empty blob needs an address that is not null, or SQLite takes it for NULL.
                case .blob(let bytes): mz_bind_blob(statement, index, bytes.isEmpty ? [0] : bytes, Int32(bytes.count))
                }
            guard code == SQLITE_OK else { throw failure(code) }
        }
        return statement
    }

    /// Runs a statement and returns how many rows it changed.
    @discardableResult
    func run(_ sql: String, _ values: [Value] = []) throws(StorageError) -> Int {
        let statement = try prepared(sql, values)
        defer { sqlite3_reset(statement) }
        let code = sqlite3_step(statement)
        guard code == SQLITE_DONE || code == SQLITE_ROW else { throw failure(code) }
        return Int(sqlite3_changes(handle))
    }

    /// All rows of a query, each turned into a value.
    func rows<Result>(_ sql: String, _ values: [Value] = [], _ read: (Row) -> Result) throws(StorageError) -> [Result] {
        let statement = try prepared(sql, values)
        defer { sqlite3_reset(statement) }
        var results: [Result] = []
        while true {
            let code = sqlite3_step(statement)
            if code == SQLITE_DONE { return results }
            guard code == SQLITE_ROW else { throw failure(code) }
            results.append(read(Row(statement: statement)))
        }
    }

    /// Bytes of the database.
    func byteCount() throws(StorageError) -> Int {
        func pragma(_ name: String) throws(StorageError) -> Int64 {
            try rows("PRAGMA \(name)") { $0.integer(0) }.first ?? 0
        }
        return Int(try pragma("page_count") * pragma("page_size"))
    }

    /// Names the database for `copy`: a plain number, since two connections cannot be handed to one call across isolation.
    var reference: UInt { UInt(bitPattern: handle) }

    /// Makes another database a page-by-page copy of this one.
    /// - Parameter reference: of the other connection, which nobody else uses meanwhile.
    func copy(to reference: UInt) throws(StorageError) {
        guard let other = OpaquePointer(bitPattern: reference),
            let backup = sqlite3_backup_init(other, "main", handle, "main")
        else { throw .sqlite(code: SQLITE_MISUSE, message: "the database cannot be copied") }
        let code = sqlite3_backup_step(backup, -1)
        let end = sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE, end == SQLITE_OK else {
            let message = String(cString: sqlite3_errmsg(other))
            throw .sqlite(code: code == SQLITE_DONE ? end : code, message: message)
        }
    }

    /// Removes all rows of tables that no other table refers to.
    ///
    /// Foreign keys are not enforced meanwhile: SQLite then drops whole trees of pages instead of deleting row by row, which takes a tenth of the time.
    func empty(_ tables: [String]) throws(StorageError) {
        try execute("PRAGMA foreign_keys = OFF")
        defer { try? execute("PRAGMA foreign_keys = ON") }
        try transaction { () throws(StorageError) in
            for table in tables { try execute("DELETE FROM \(table)") }
        }
    }

    /// Runs the body as one transaction: all of it or nothing.
    func transaction<Result>(_ body: () throws(StorageError) -> Result) throws(StorageError) -> Result {
        try execute("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            try? execute("ROLLBACK")
            throw error
        }
    }
}

extension Connection {
    /// Runs the body as one transaction that may come too late: when the body throws `usedUp`, nothing of it stays.
    /// - Returns: whether the body came in time.
    func attempt(_ body: () throws(StorageError) -> Void) throws(StorageError) -> Bool {
        do throws(StorageError) {
            try transaction(body)
            return true
        } catch {
            guard error == .usedUp else { throw error }
            return false
        }
    }

    /// Runs a statement that uses something up.
    /// - Throws: `usedUp` when it changed no row, because somebody else was faster.
    func use(_ sql: String, _ values: [Value]) throws(StorageError) {
        guard try run(sql, values) == 1 else { throw .usedUp }
    }
}
