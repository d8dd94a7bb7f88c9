import Encodings
import HTTP
import Model
@testable import Provider
@testable import Server
import TestSupport
import Testing

/// The control API as a whole: routing, bodies, who may call.
@Suite struct ControlAPITests {
    @Test("a problem says what was sent and what was expected, all at once") func problem() throws {
        let server = try TestServer()
        let response = try #require(
            server.control("POST", "/tokens", ["usr": "svc", "scopes": "openid", "defect": "broken"]))
        #expect(response.status == 400)
        #expect(response.header("Content-Type") == "application/problem+json")
        let pointers = response.json["problems"]?.array?.compactMap { $0.object?["pointer"]?.string } ?? []
        #expect(Set(pointers) == ["/usr", "/scopes", "/defect"], "that user is missing follows from the mistyped name")
    }

    struct Refused: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let status: Int
        let request: HTTPRequest
    }

    static let refused: [Refused] = [
        .init(
            testDescription: "an unknown route", status: 404,
            request: HTTPRequest(method: "GET", path: "/mock/v1/nothing", headers: [("host", "localhost")])),
        .init(
            testDescription: "a wrong method", status: 405,
            request: HTTPRequest(method: "PATCH", path: "/mock/v1/clock", headers: [("host", "localhost")])),
        .init(
            testDescription: "a body that a web page may send without asking", status: 415,
            request: HTTPRequest(
                method: "POST", path: "/mock/v1/faults",
                headers: [("host", "localhost"), ("content-type", "text/plain")],
                body: Array("{}".utf8))),
        .init(
            testDescription: "a host that a web page made up", status: 403,
            request: HTTPRequest(method: "GET", path: "/mock/v1/clock", headers: [("host", "rebound.evil.example")])),
        .init(
            testDescription: "a body that is not JSON", status: 400,
            request: HTTPRequest(
                method: "PUT", path: "/mock/v1/clock",
                headers: [("host", "localhost"), ("content-type", "application/json")], body: Array("{".utf8))),
    ]

    @Test("what is not for the control API is refused with a problem document", arguments: refused)
    func isRefused(_ example: Refused) throws {
        guard case .response(let response) = try TestServer().service.respond(to: example.request) else {
            Issue.record("no response")
            return
        }
        #expect(response.status == example.status)
        #expect(response.header("Content-Type") == "application/problem+json")
        #expect(response.header("Access-Control-Allow-Origin") == nil)
    }

    @Test(
        "names that only this network can know are served",
        arguments: [
            "localhost", "127.0.0.1:8080", "[::1]:8080", "zitadel", "zitadel.test:8080", "idp.dev.svc.cluster.local",
        ])
    func localName(host: String) throws {
        let request = HTTPRequest(method: "GET", path: "/mock/v1/clock", headers: [("host", host)])
        guard case .response(let response) = try TestServer().service.respond(to: request) else {
            Issue.record("no response")
            return
        }
        #expect(response.status == 200)
    }

    @Test("with a control token, only callers that send it are served") func token() throws {
        let server = try TestServer()
        let application = Application(
            server.instance, options: .init(log: .off, control: ControlOptions(token: "t0ken")))
        func status(_ authorization: String?) -> Int? {
            var request = HTTPRequest(method: "GET", path: "/mock/v1/clock", headers: [("host", "localhost")])
            if let authorization { request.headers.append(("authorization", authorization)) }
            guard case .response(let response) = application.respond(to: request) else { return nil }
            return response.status
        }
        #expect(status(nil) == 401)
        #expect(status("Bearer wrong") == 401)
        #expect(status("Bearer t0ken") == 200)
    }

    @Test("without the control API its paths are unknown") func off() throws {
        let server = try TestServer()
        let application = Application(server.instance, options: .init(log: .off, control: nil))
        let request = HTTPRequest(method: "GET", path: "/mock/v1/clock", headers: [("host", "localhost")])
        guard case .response(let response) = application.respond(to: request) else {
            Issue.record("no response")
            return
        }
        #expect(response.status == 404)
    }
}
