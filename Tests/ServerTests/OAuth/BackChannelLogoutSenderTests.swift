import Glibc
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
        let notices = (0..<1003).map {
            BackChannelLogoutNotice(uri: "https://127.0.0.1/", clientID: "c\($0)", token: "t")
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
}
