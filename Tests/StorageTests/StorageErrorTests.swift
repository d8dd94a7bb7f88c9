import Glibc
import Model
import System
import TestSupport
import Testing

@testable import Storage

/// Databases that cannot be used: one clear line, and the file stays as it was.
@Suite struct StorageErrorTests {
    private func line(_ path: String) -> String? {
        do {
            _ = try Storage(path: path)
            return nil
        } catch { return error.description }
    }

    @Test("a change that another process keeps from the database is given up soon, and says why")
    func locked() throws {
        let folder = TemporaryFolder()
        let path = try database(folder)
        let storage = try Storage(path: path)
        let other = try Connection(path: path)
        try other.execute("BEGIN IMMEDIATE")
        // Every thread that writes waits so long.
        #expect(Storage.busyTimeout <= 100)
        #expect(throws: StorageError.locked(path: path)) { try storage.apply([], at: 0) }
        #expect(StorageError.locked(path: path).description.contains("another process is writing to it"))
        try other.execute("ROLLBACK")
        #expect(throws: Never.self) { try storage.apply([], at: 0) }
    }

    /// The first bytes of a file, which for a small file are all of them.
    private func bytes(_ path: String) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        let count = read(descriptor, &buffer, buffer.count)
        return Array(buffer.prefix(max(0, count)))
    }

    /// Overwrites bytes of a database's header.
    private func patch(_ path: String, at offset: off_t, _ bytes: [UInt8]) {
        let descriptor = open(path, O_WRONLY)
        #expect(pwrite(descriptor, bytes, bytes.count, offset) == bytes.count)
        close(descriptor)
    }

    /// A database of this program, closed and complete in one file.
    private func database(_ folder: TemporaryFolder) throws -> String {
        let path = folder.path + "/db.sqlite"
        try Storage(path: path).checkpoint()
        return path
    }

    @Test("a text file is refused as database, and not changed") func noDatabase() {
        let folder = TemporaryFolder()
        let path = folder.write(
            "this is a shopping list and no database at all, however long one looks at it", to: "list.txt")
        let before = bytes(path)
        #expect(
            line(path)
                == "database \(path): is not an SQLite database; name another file with --database, or move this one away"
        )
        #expect(bytes(path) == before)
    }

    @Test("a database of another program is refused, and not changed") func otherProgram() throws {
        let folder = TemporaryFolder()
        let path = try database(folder)
        patch(path, at: 68, [0x12, 0x34, 0x56, 0x78])  // the application id, SQLite file format section 1.3
        let before = bytes(path)
        #expect(line(path) == "database \(path): belongs to another program; name another file with --database")
        #expect(bytes(path) == before)
    }

    @Test("a database of a newer version is refused, and not changed") func newer() throws {
        let folder = TemporaryFolder()
        let path = try database(folder)
        patch(path, at: 60, [0, 0, 0, 99])  // the user version
        let before = bytes(path)
        let expected = "database \(path): was written by a newer mock-zitadel (schema 99, this one knows "
        #expect(line(path)?.hasPrefix(expected) == true)
        #expect(bytes(path) == before)
    }

    @Test(
        "a schema version that no version of this program writes is reported as damage",
        arguments: [
            ("PRAGMA user_version = -1", "its schema version is -1"),
            ("PRAGMA user_version = -2147483648", "its schema version is -2147483648"),
            ("PRAGMA user_version = 0", "its schema version is 0"),
        ])
    func impossibleVersion(statement: String, why: String) throws {
        let folder = TemporaryFolder()
        let path = try database(folder)
        do { try Connection(path: path).execute(statement) }
        #expect(
            line(path)
                == "database \(path): is damaged: \(why); name another file with --database, or move this one away")
    }

    /// The last migration changes values alone, so that running it again does no harm.
    @Test("a schema version below that of the tables is reported as damage", arguments: 1..<Schema.migrations.count - 1)
    func lowVersion(version: Int) throws {
        let folder = TemporaryFolder()
        let path = try database(folder)
        do { try Connection(path: path).execute("PRAGMA user_version = \(version)") }
        let expected = "database \(path): is damaged: its tables are not those of its schema version \(version): "
        #expect(line(path)?.hasPrefix(expected) == true, "\(line(path) ?? "no error")")
    }

    @Test("a schema version without tables is reported as damage") func noTables() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/db.sqlite"
        do { try Connection(path: path).execute("PRAGMA user_version = 3; VACUUM") }
        #expect(line(path)?.contains("is damaged: its schema version is 3, and it has no tables") == true)
        do { try Connection(path: path).execute("PRAGMA user_version = 0; PRAGMA application_id = 7; VACUUM") }
        #expect(line(path)?.hasSuffix("belongs to another program; name another file with --database") == true)
    }

    @Test("a file that is too short for a database is refused, and not changed", arguments: [1, 2, 15, 99])
    func short(size: Int) {
        let folder = TemporaryFolder()
        let path = folder.write(String(repeating: "x", count: size), to: "x.sqlite")
        #expect(
            line(path)
                == "database \(path): is not an SQLite database; name another file with --database, or move this one away"
        )
        #expect(bytes(path).count == size)
    }

    @Test("the error for a full disk names the file", arguments: [8, 40]) func full(pages: Int) throws {
        let folder = TemporaryFolder()
        let path = try database(folder)
        let storage = try Storage(path: path)
        try storage.write { connection throws(StorageError) in
            _ = try connection.rows("PRAGMA max_page_count = \(pages)") { _ in }
        }
        let organization = Organization(
            id: "1", name: String(repeating: "n", count: 1 << 20), primaryDomain: "a", domains: [], state: .active,
            userLoginMustBeDomain: true)
        let expected = "database \(path): the disk is full; make room, or name another file with --database"
        do {
            try storage.apply([.put(.organization(organization))], at: 1)
            Issue.record("it was stored")
        } catch { #expect("\(error)" == expected) }
    }

    @Test("a database that another storage uses is refused until that storage is closed") func inUse() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/db.sqlite"
        var first: Storage? = try Storage(path: path)
        #expect(
            line(path)
                == "database \(path): is in use by another process; stop that one, or name another file with --database"
        )
        #expect(try first?.signingKeys().isEmpty == true, "the first one works on")
        first = nil
        #expect(line(path) == nil)
    }

    @Test("the errors for a missing folder, and for a folder as path, say what to do") func folders() {
        let folder = TemporaryFolder()
        let missing = folder.path + "/nowhere/db.sqlite"
        #expect(
            line(missing)
                == "database \(missing): cannot be opened: its folder does not exist; make it, or name another file with --database"
        )
        #expect(
            line(folder.path)
                == "database \(folder.path): cannot be opened: Is a directory; name a file with --database, or use --database :memory:"
        )
    }

    @Test("the error for a folder that takes no files says what to do") func refusingFolder() {
        let folder = TemporaryFolder()
        chmod(folder.path, 0o711)
        let path = folder.path + "/db.sqlite"
        #expect(
            withoutRoot { line(path) }
                == "database \(path): cannot be opened: Permission denied; make its folder writable for this user (uid \(getuid())), mount another one, or use --database :memory:"
        )
        #expect(
            line("/proc/x.sqlite")
                == "database /proc/x.sqlite: cannot be opened: no file can be made in its folder; name another file with --database"
        )
    }

    @Test("a path that begins with file: is not taken as a URI") func addresses() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/db.sqlite"
        #expect(throws: StorageError.self) { try Connection(path: "file:" + path) }
        #expect(throws: StorageError.self) { try Connection(path: "file:" + path + "?mode=memory") }
        #expect(access(path, F_OK) != 0)
        _ = try Connection(path: path + "?mode=memory")
        #expect(access(path + "?mode=memory", F_OK) == 0)
        #expect(line("") == "database: the path is empty; name a file with --database, or use --database :memory:")
    }

    @Test(
        "a database that lacks a table, a column or a trigger is reported with its name",
        arguments: [
            ("DROP TABLE session_clients", "table session_clients"),
            ("ALTER TABLE refresh_tokens DROP COLUMN nonce", "column refresh_tokens.nonce"),
            ("DROP TRIGGER users_who_leave", "trigger users_who_leave"),
            ("DROP INDEX apps_by_name", "index apps_by_name"),
        ])
    func incomplete(statement: String, missing: String) throws {
        let folder = TemporaryFolder()
        let path = try database(folder)
        do { try Connection(path: path).execute(statement) }
        #expect(
            line(path)
                == "database \(path): is damaged: the \(missing) is missing; name another file with --database, or move this one away"
        )
    }

    @Test("a table that somebody added is not damage") func addition() throws {
        let folder = TemporaryFolder()
        let path = try database(folder)
        do { try Connection(path: path).execute("CREATE TABLE notes (text TEXT)") }
        #expect(line(path) == nil)
    }

    @Test("damage that only a later query finds names the file, too") func corruptPage() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/db.sqlite"
        do {
            let server = try TestServer(database: path)
            for index in 0..<200 { _ = server.accessToken(of: index % 2 == 0 ? "svc" : "svc-jwt") }
            server.storage.checkpoint()
        }
        let root: Int64
        do {
            let connection = try Connection(path: path)
            root =
                try connection.rows("SELECT rootpage FROM sqlite_schema WHERE name = 'tokens'") { $0.integer(0) }.first
                ?? 0
        }
        patch(path, at: off_t(root - 1) * 4096, [UInt8](repeating: 0xFF, count: 4096))
        let storage = try Storage(path: path)
        #expect {
            _ = try storage.token(digest: [1])
        } throws: {
            "\($0)".hasPrefix("database \(path): is damaged: ")
        }
    }

    @Test("an empty or missing file becomes a database that only its owner can read") func fresh() throws {
        let folder = TemporaryFolder()
        let empty = folder.write("", to: "empty.sqlite")
        #expect(line(empty) == nil)
        let made = folder.path + "/made.sqlite"
        #expect(line(made) == nil)
        var status = stat()
        #expect(stat(made, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }
}
