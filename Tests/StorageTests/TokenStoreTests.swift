import Encodings
import Glibc
import Model
import Storage
import Synchronization
import System
import TestSupport
import Testing

/// Issued tokens in the database.
@Suite struct TokenStoreTests {
    private static let user = "270000000000000501"

    private static func token(_ id: String, expiration: Int64 = 2000) -> TokenRecord {
        TokenRecord(
            id: id, digest: Array(id.utf8), userID: user, clientID: "svc", scopes: ["openid", "profile"],
            audience: ["1", "2"], amr: ["pwd"], authTime: 1000,
            creation: 1000, expiration: expiration)
    }

    /// A storage that holds the demo's users, and what keeps it alive.
    private static func server(_ database: String = Storage.inMemory) throws -> TestServer {
        try TestServer(database: database)
    }

    private static func digest(_ id: String) -> [UInt8] { Array(id.utf8) }

    @Test("a token is read as it was stored, also after a restart") func roundTrip() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/db.sqlite"
        try Self.server(path).storage.insert(Self.token("a"))
        let storage = try Storage(path: path)
        #expect(try storage.token(digest: Self.digest("a")) == Self.token("a"))
        #expect(try storage.token(digest: Self.digest("b")) == nil)
    }

    @Test("a checkpoint moves what was written into the database file") func checkpoint() throws {
        let folder = TemporaryFolder()
        let storage = try Self.server(folder.path + "/db.sqlite").storage
        try storage.insert(Self.token("a"))
        #expect(readBytes(folder.path + "/db.sqlite-wal")?.isEmpty == false)
        storage.checkpoint()
        #expect(readBytes(folder.path + "/db.sqlite-wal")?.isEmpty == true)
        #expect(try storage.token(digest: Self.digest("a")) != nil)
    }

    @Test("a token ends once, for the first reason") func ending() throws {
        let server = try Self.server()
        try server.storage.insert(Self.token("a"))
        // Read before it ends: what is remembered of it must not outlive that.
        #expect(try server.storage.token(digest: Self.digest("a"))?.endReason == nil)
        #expect(try server.storage.end(tokenWithDigest: Self.digest("a"), because: .revoked))
        #expect(try !server.storage.end(tokenWithDigest: Self.digest("a"), because: .userInactive))
        #expect(try !server.storage.end(tokenWithDigest: Self.digest("unknown"), because: .revoked))
        #expect(try server.storage.token(digest: Self.digest("a"))?.endReason == .revoked)
    }

    @Test("expired tokens are removed in batches, others stay") func portions() throws {
        let server = try Self.server()
        for index in 0..<7 { try server.storage.insert(Self.token("old \(index)", expiration: 1999)) }
        try server.storage.insert(Self.token("edge", expiration: 2000))
        #expect(try server.storage.token(digest: Self.digest("old 6")) != nil, "read before, so that it is in memory")
        #expect(try server.storage.removeTokens(expiredBefore: 2000, limit: 5) == 7)
        #expect(try server.storage.removeTokens(expiredBefore: 2000, limit: 5) == 0)
        #expect(try server.storage.token(digest: Self.digest("old 6")) == nil)
        #expect(try server.storage.token(digest: Self.digest("edge")) != nil)
    }

    @Test("the database refuses two tokens of one digest, and a token of no user") func uniqueness() throws {
        let server = try Self.server()
        try server.storage.insert(Self.token("a"))
        #expect(throws: StorageError.self) { try server.storage.insert(Self.token("a")) }
        var stray = Self.token("c")
        stray.userID = "1"
        #expect(throws: StorageError.self) { try server.storage.insert(stray) }
    }

    @Test("many threads can insert and read at the same time", arguments: [true, false])
    func threads(isFile: Bool) throws {
        let folder = TemporaryFolder()
        let server = try Self.server(isFile ? folder.path + "/db.sqlite" : Storage.inMemory)
        let storage = server.storage
        let problems = Mutex<[String]>([])
        let threads = try (0..<8).map { thread in
            try Thread {
                for index in 0..<50 {
                    let id = "\(thread)/\(index)"
                    do {
                        try storage.insert(Self.token(id))
                        // A token that was reported as stored is found, on whatever connection.
                        if try storage.token(digest: Array(id.utf8))?.id != id {
                            problems.withLock { $0.append("\(id) is not there") }
                        }
                    } catch { problems.withLock { $0.append("\(id): \(error)") } }
                }
            }
        }
        threads.forEach { $0.join() }
        #expect(problems.withLock { $0 } == [])
        #expect(try storage.removeTokens(expiredBefore: .max, limit: 1000) == 400)
    }

    @Test("a stolen database contains no secret and no token that works") func stolen() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/db.sqlite"
        var secrets = [
            "test-api-2-secret", "web-secret", "svc-secret", "svc-jwt-secret", "Password1!", "pat-svc-0123456789abcdef",
            "pat-svc-expired-0123456789",
            "pat-svc-jwt-0123456789abcdef",
        ]
        let server = try Self.server(path)
        for user in ["svc", "svc-jwt"] {
            let token = server.accessToken(of: user)
            #expect(token.utf8.count > 100)
            secrets.append(token)
        }
        var content: [UInt8] = []
        for suffix in ["", "-wal", "-shm"] {
            let descriptor = open(path + suffix, O_RDONLY)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while case let count = read(descriptor, &buffer, buffer.count), count > 0 { content += buffer[..<count] }
        }
        func holds(_ text: String) -> Bool { content.contains(Array(text.utf8)) }
        #expect(holds("270000000000000501"), "the search works")
        for secret in secrets { #expect(!holds(secret), "\(secret)") }
    }
}
