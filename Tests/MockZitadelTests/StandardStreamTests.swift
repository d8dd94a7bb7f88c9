import Glibc
import HTTP
import HTTPServer
import TestSupport
import Testing

/// A harness that closes the standard streams, or does not read them.
@Suite(.serialized) struct StandardStreamTests {
    /// A pipe that nobody reads: the program itself holds its other end.
    private static let unreadError = "3<>unread 2>unread"

    private static func folderWithPipe() throws -> TemporaryFolder {
        let folder = TemporaryFolder()
        try #require(mkfifo(folder.path + "/unread", 0o600) == 0)
        return folder
    }

    @Test("with standard error and input closed, the log is dropped, and the database stays as it is")
    func closed() throws {
        let folder = TemporaryFolder()
        let database = folder.path + "/db.sqlite"
        for _ in 0..<2 {
            let server = try RunningServer(database: database, redirections: "0<&- 2>&-", in: folder)
            for _ in 0..<5 { #expect(RunningServer.token(of: "svc", port: server.port) != nil) }
            #expect(server.stop() == 0)
        }
        let again = try RunningServer(database: database, in: folder)
        #expect(RunningServer.token(of: "svc", port: again.port) != nil)
        #expect(again.stop() == 0)
    }

    @Test("a log that nobody reads delays neither responses nor SIGTERM") func unreadLog() throws {
        let folder = try Self.folderWithPipe()
        let server = try RunningServer(
            database: folder.path + "/db.sqlite", redirections: Self.unreadError, in: folder)
        // About 100 bytes of log each; the pipe takes 64 KiB.
        let requests = String(repeating: "GET /debug/healthz HTTP/1.1\r\nHost: h\r\n\r\n", count: 300)
        let last = "GET /debug/healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
        for _ in 0..<10 {
            let answer = try HTTPClient.exchange(Array((requests + last).utf8), with: "127.0.0.1", port: server.port)
            let count = String(decoding: answer, as: UTF8.self).split(separator: "200 OK").count - 1
            #expect(count == 301)
        }
        #expect(server.stop() == 0)
    }

    @Test("an announcement that nobody reads does not delay SIGTERM") func unreadAnnouncement() throws {
        let folder = TemporaryFolder()
        let users = (0..<1500).map {
            "{\"type\": \"machine\", \"userName\": \"user-\($0)\", \"name\": \"User \($0)\", \"clientSecret\": \"s\"}"
        }
        let seed = folder.write(
            "{\"organizations\": [{\"name\": \"Acme\", \"users\": [\(users.joined(separator: ","))]}]}", to: "seed.json"
        )
        let program = try Program(
            ["serve", "--port", "0", "--json", "--database", ":memory:", "--seed", seed], in: folder)
        // The line has begun, and is longer than a pipe takes.
        #expect(program.byte() == UInt8(ascii: "{"), "\(program.errors)")
        program.signal(SIGTERM)
        #expect(program.wait() == 0)
    }

    @Test("a client that speaks TLS or HTTP/2 is answered at once, and the log names the protocol")
    func otherProtocols() throws {
        let folder = TemporaryFolder()
        let server = try RunningServer(database: folder.path + "/db.sqlite", in: folder)
        // The first bytes of a ClientHello; the rest does not matter.
        let hello: [UInt8] = [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3]
        let http2 = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
        for (bytes, status, code) in [(hello, "400", "tls_on_plain_port"), (http2, "505", "http_two_preface")] {
            let text = String(
                decoding: try HTTPClient.exchange(bytes, with: "127.0.0.1", port: server.port), as: UTF8.self)
            #expect(text.hasPrefix("HTTP/1.1 \(status) ") && text.contains("\r\nMock-Reason: \(code); "))
        }
        #expect(server.stop() == 0)
        let lines = server.program.errors.split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("400 tls_on_plain_port - - ") }.count == 1)
        #expect(lines.filter { $0.hasPrefix("505 http_two_preface ") }.count == 1)
    }
}
