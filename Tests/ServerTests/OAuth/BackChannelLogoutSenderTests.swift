import Glibc
import HTTP
import HTTPServer
import Provider
@testable import Server
import System
import TestSupport
import Testing

/// How many logout notices wait to be sent.
@Suite struct BackChannelLogoutSenderTests {
    @Test("1000 notices wait to be sent, and further ones are given up with a line in the log") func limit() throws {
        let folder = TemporaryFolder()
        let descriptor = open(folder.write("", to: "log"), O_WRONLY)
        defer { close(descriptor) }
        let writer = BackgroundWriter(descriptor: descriptor, limit: 1 << 20)
        let sender = BackChannelLogoutSender(
            RequestLog(.text, writer: writer), now: { Timestamp(seconds: 1) })
        // Addresses that are never called, so that nothing is sent anywhere.
        let notices = (0..<1003).map { number in
            BackChannelLogoutNotice(uri: "https://127.0.0.1/", clientID: "c\(number)", token: "t")
        }
        sender.send(notices)
        sender.drain()
        #expect(writer.flush(milliseconds: 60_000))
        let lines = (folder.read("log") ?? "").split(separator: "\n")
        #expect(lines.count == 1003)
        #expect(lines.count { $0.contains("only http:// addresses can be called") } == 1000)
        #expect(lines.count { $0.hasSuffix(": not sent") } == 3)
        #expect(lines.contains { $0.contains("client c1002: not sent") })
    }

    @Test("an app that does not answer holds up its own notices only") func hanging() throws {
        let kept = Monitor([Responder]())
        let hanging = try HTTPServer(host: "127.0.0.1", port: 0, workers: 1, limits: HTTPLimits(body: 1 << 20)) { _ in
            .later { responder in kept.change { $0.append(responder) } }
        }
        defer { hanging.stop() }
        let received = Monitor(0)
        let quick = try HTTPServer(host: "127.0.0.1", port: 0, workers: 1, limits: HTTPLimits(body: 1 << 20)) { _ in
            received.change { $0 += 1 }
            return .response(HTTPResponse(status: 200, body: Array("x".utf8)))
        }
        defer { quick.stop() }
        let sender = BackChannelLogoutSender(RequestLog(.off), now: { Timestamp(seconds: 1) })
        func notices(_ server: HTTPServer, _ count: Int) -> [BackChannelLogoutNotice] {
            (0..<count).map {
                BackChannelLogoutNotice(uri: "http://127.0.0.1:\(server.port)/", clientID: "c\($0)", token: "t")
            }
        }
        sender.send(notices(hanging, 3))
        #expect(kept.wait(milliseconds: 60_000) { $0.isEmpty ? nil : true } == true)
        sender.send(notices(quick, 2))
        #expect(received.wait(milliseconds: 60_000) { $0 == 2 ? true : nil } == true)
        #expect(kept.change { $0.count } == 1, "the second notice waits for the first one")
        #expect(!sender.close(), "one is still being sent")
        kept.change { $0 = [] }
    }
}
