import Encodings
import HTTP
@testable import Server
import System
import TestSupport
import Testing

/// Calls that take long, while the only thread that runs them is busy until the test lets it go on.
@Suite struct BackgroundCallTests {
    /// The answer of a call.
    private final class Call: Sendable {
        private let answer = Monitor<HTTPResponse?>(nil)
        private let exchange: PendingExchange

        init(_ reply: Reply) throws {
            let answer = answer
            exchange = PendingExchange { response in answer.change { $0 = response } }
            guard case .soon(let begin) = reply else { throw NotInBackground() }
            begin(Responder(exchange))
        }

        var status: Int? { answer.change { $0?.status } }
        var finalStatus: Int? { answer.wait(milliseconds: 60_000) { $0?.status } }
        func disconnect() { exchange.clientIsGone() }
    }

    private struct NotInBackground: Error {}

    private let server: TestServer
    private let application: Application
    private let mayGoOn = Monitor(false)

    init() throws {
        server = try TestServer()
        var options = Application.Options(log: .off)
        options.commands = BackgroundWork(threads: 1, byteLimit: 10_000)
        application = Application(server.instance, options: options)
        let isBusy = Monitor(false)
        let mayGoOn = mayGoOn
        _ = options.commands.add(bytes: 0) {
            isBusy.change { $0 = true }
            _ = mayGoOn.wait { $0 ? true : nil }
        }
        _ = isBusy.wait { $0 ? true : nil }
    }

    private func request(_ method: String, _ path: String, _ body: JSON) -> HTTPRequest {
        HTTPRequest(
            method: method, path: "/mock/v1" + path,
            headers: [("host", "localhost:8080"), ("content-type", "application/json")], body: body.bytes())
    }

    private func begin(_ method: String, _ path: String, _ body: JSON = [:]) throws -> Call {
        try Call(application.respond(to: request(method, path, body)))
    }

    private func keyCount() throws -> Int {
        try #require(server.control("GET", "/users/svc-jwt/keys")?.json["items"]?.array).count
    }

    @Test("every command runs in the background") func commands() throws {
        let calls = try ControlAPI.routes.filter { $0.method != "GET" }.map { try begin($0.method, $0.path) }
        #expect(calls.count > 20 && calls.allSatisfy { $0.status == nil })
        mayGoOn.change { $0 = true }
        #expect(calls.allSatisfy { $0.finalStatus != nil })
    }

    @Test("what only reads is answered meanwhile, and so are requests") func others() throws {
        let call = try begin("POST", "/users/svc-jwt/keys")
        #expect(application.respond(to: request("GET", "/clock", [:])).awaited?.status == 200)
        #expect(application.answer(HTTPRequest(method: "GET", path: "/healthz", headers: [])).status == 200)
        #expect(call.status == nil)
        mayGoOn.change { $0 = true }
        #expect(call.finalStatus == 201)
    }

    @Test("a caller without permission is refused at once") func refused() {
        var request = request("POST", "/signingKeys/rotate", [:])
        request.headers.append(("origin", "https://evil.example"))
        guard case .response(let response) = application.respond(to: request) else {
            Issue.record("it waits")
            return
        }
        #expect(response.status == 403)
    }

    @Test("calls that would hold more bytes than may wait are refused with 429") func limits() throws {
        let body: JSON = ["advance": "1s", "x-note": .string(String(repeating: "x", count: 1000))]
        let calls = try (0..<20).map { _ in try begin("PUT", "/clock", body) }
        let waiting = calls.filter { $0.status == nil }
        // Each is a little longer than its note.
        #expect(waiting.count == 9 && calls.suffix(11).allSatisfy { $0.status == 429 })
        mayGoOn.change { $0 = true }
        #expect(waiting.allSatisfy { $0.finalStatus == 200 })
    }

    @Test("a call whose client is gone before it began changes nothing") func gone() throws {
        let before = try keyCount()
        let gone = try begin("POST", "/users/svc-jwt/keys")
        gone.disconnect()
        let next = try begin("POST", "/users/svc-jwt/keys")
        mayGoOn.change { $0 = true }
        #expect(next.finalStatus == 201)
        #expect(try keyCount() == before + 1)
        #expect(gone.status == nil)
    }
}
