import Encodings
import Glibc
import HTTP
import Synchronization
import System
import TestSupport
import Testing

/// What a process leaves behind that is stopped by a signal.
@Suite(.serialized) struct TerminationTests {
    @Test("every token that was acknowledged before kill -9 under load is active after the next start")
    func kill9() throws {
        let folder = TemporaryFolder()
        let database = folder.path + "/db.sqlite"
        let server = try RunningServer(["--log-format", "off"], database: database, in: folder)
        let port = server.port
        let program = server.program
        let acknowledged = Mutex<[String]>([])
        let isKilled = Mutex(false)
        let threads = try (0..<4).map { number in
            try Thread {
                // Until the server is gone; the bound only ends a test of a server that cannot be killed.
                for _ in 0..<2000 {
                    guard let token = RunningServer.token(of: number % 2 == 0 ? "svc" : "svc-jwt", port: port) else {
                        if isKilled.withLock({ $0 }) { return }
                        continue
                    }
                    let count = acknowledged.withLock { tokens in
                        tokens.append(token)
                        return tokens.count
                    }
                    if count == 60 {
                        isKilled.withLock { $0 = true }
                        program.signal(SIGKILL)
                    }
                }
            }
        }
        threads.forEach { $0.join() }
        program.signal(SIGKILL)
        #expect(program.wait() == 128 + SIGKILL)
        let tokens = acknowledged.withLock { $0 }
        #expect(tokens.count >= 60)

        let again = try RunningServer(["--log-format", "off"], database: database, in: folder)
        defer { again.stop() }
        var lost = 0
        for token in tokens {
            // The JWTs among them name the address of the first run as their issuer, so they are asked about by that name.
            let answer = try again.introspect(token, host: "127.0.0.1:\(port)")
            if answer.json["active"] != .bool(true) { lost += 1 }
        }
        #expect(lost == 0, "of \(tokens.count)")
    }

    @Test("a server that is stopped while it generates its first keys stops, and starts again")
    func stopDuringKeyGeneration() throws {
        let folder = TemporaryFolder()
        // The keys take a tenth of a second, and the signal follows the ready line at once; what is being done at that moment differs.
        for attempt in 0..<10 {
            let database = "\(folder.path)/\(attempt).sqlite"
            let server = try RunningServer(["--log-format", "off"], database: database, in: folder)
            #expect(server.stop() == 0)
            guard attempt == 0 else { continue }
            let again = try RunningServer(["--log-format", "off"], database: database, in: folder)
            #expect(RunningServer.token(of: "svc-jwt", port: again.port) != nil)
            #expect(again.stop() == 0)
        }
    }

    @Test(
        "a signal that asks to end ends the server with status 0 during a request, and nothing is lost",
        arguments: [SIGTERM, SIGINT, SIGHUP, SIGQUIT])
    func graceful(signal: Int32) throws {
        let folder = TemporaryFolder()
        let server = try RunningServer(["--log-format", "off"], database: folder.path + "/db.sqlite", in: folder)
        // A caller who never finishes its request.
        let caller = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(caller) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(server.port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(caller, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        #expect(connected == 0)
        let half = Array("POST /oauth/v2/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\ngrant".utf8)
        #expect(send(caller, half, half.count, 0) == half.count)
        let token = try #require(
            RunningServer.token(of: "svc", port: server.port), "another caller is answered meanwhile")
        server.program.signal(signal)
        #expect(server.program.wait() == 0)
        let again = try RunningServer(["--log-format", "off"], database: folder.path + "/db.sqlite", in: folder)
        defer { again.stop() }
        #expect(try again.introspect(token).json["active"] == .bool(true))
    }
}
