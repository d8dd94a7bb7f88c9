import Encodings
import HTTP
import Model
@testable import Provider
@testable import Server
import TestSupport
import Testing

/// The control API as a whole: routing, bodies, who may call.
@Suite struct ControlAPITests {
    @Test("a problem document says what was sent and what was expected, for all problems at once")
    func problem() throws {
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

    @Test("a request that is not for the control API is refused with a problem document", arguments: refused)
    func isRefused(_ example: Refused) throws {
        guard let response = try TestServer().service.respond(to: example.request).awaited else {
            Issue.record("no response")
            return
        }
        #expect(response.status == example.status)
        #expect(response.header("Content-Type") == "application/problem+json")
        #expect(response.header("Access-Control-Allow-Origin") == nil)
    }

    @Test(
        "the control API answers at host names of the local network",
        arguments: [
            "localhost", "localhost.", "127.0.0.1:8080", "[::1]:8080", "zitadel", "zitadel.test:8080",
            "idp.dev.svc.cluster.local",
        ])
    func localName(host: String) throws {
        let request = HTTPRequest(method: "GET", path: "/mock/v1/clock", headers: [("host", host)])
        guard let response = try TestServer().service.respond(to: request).awaited else {
            Issue.record("no response")
            return
        }
        #expect(response.status == 200)
    }

    @Test(
        "a host that only looks like an address or a name of this computer is not trusted",
        arguments: ["[::1].evil.example", "[evil.example]", "localhost.evil.example", "127.0.0.1.evil.example:8080"])
    func strangeName(host: String) throws {
        let request = HTTPRequest(method: "GET", path: "/mock/v1/clock", headers: [("host", host)])
        #expect(try TestServer().service.respond(to: request).awaited?.status == 403)
    }

    private static func status(
        _ headers: [(name: String, value: String)], method: String = "POST", path: String = "/mock/v1/reset",
        options: ControlOptions = ControlOptions()
    ) throws -> Int? {
        let application = Application(try TestServer().instance, options: .init(log: .off, control: options))
        let request = HTTPRequest(method: method, path: path, headers: [("host", "zitadel:8080")] + headers)
        guard let response = application.respond(to: request).awaited else { return nil }
        #expect(!response.headers.contains { $0.name.lowercased().hasPrefix("access-control") })
        return response.status
    }

    @Test(
        "a web page of another origin cannot use the control API",
        arguments: [
            "https://evil.example", "null", "", "http://localhost.evil.example", "http://zitadel.evil.example:8080",
            "file://", "http://128.0.0.1:3000",
        ])
    func otherOrigin(origin: String) throws {
        #expect(try Self.status([("origin", origin)]) == 403)
        #expect(try Self.status([("origin", "http://localhost:3000"), ("origin", origin)]) == 403)
        #expect(try Self.status([("origin", origin)], method: "DELETE", path: "/mock/v1/requests") == 403)
        // It cannot read what the server answers.
        #expect(try Self.status([("origin", origin)], method: "GET", path: "/mock/v1/clock") == 200)
        // It does not know the token.
        let token = ControlOptions(token: "t0ken")
        #expect(try Self.status([("origin", origin)], options: token) == 401)
        #expect(try Self.status([("origin", origin), ("authorization", "Bearer t0ken")], options: token) == 204)
    }

    @Test("programs and pages of this computer, of the server's host and of apps can use the control API")
    func ownOrigin() throws {
        for origin in [
            "http://localhost:3000", "http://127.0.0.1:5173", "http://[::1]:3000", "http://app.localhost",
            "http://zitadel:8080", "https://zitadel",
        ] {
            #expect(try Self.status([("origin", origin), ("sec-fetch-site", "cross-site")]) == 204, "\(origin)")
        }
        // The redirect URI of an app.
        let server = try TestServer()
        let app: JSON = ["redirectUris": ["https://shop.example/callback"]]
        #expect(server.control("PATCH", "/apps/Web", app)?.status == 200)
        #expect(server.control("POST", "/reset", headers: [("origin", "https://shop.example")])?.status == 204)
        #expect(server.control("POST", "/reset", headers: [("origin", "https://shop.example")])?.status == 403)
        #expect(try Self.status([]) == 204)
        #expect(try Self.status([("sec-fetch-site", "same-origin")]) == 204)
        #expect(try Self.status([("sec-fetch-site", "cross-site")]) == 403)
        // Links of other sites may be followed; images and scripts of them get nothing.
        let (get, clock, foreign) = ("GET", "/mock/v1/clock", [(name: "sec-fetch-site", value: "cross-site")])
        #expect(try Self.status(foreign, method: get, path: clock) == 403)
        #expect(try Self.status(foreign + [("sec-fetch-mode", "navigate")], method: get, path: clock) == 200)
        #expect(try Self.status(foreign + [("origin", "http://localhost:3000")], method: get, path: clock) == 200)
    }

    @Test("with a control token, only callers that send it can use the control API") func token() throws {
        let server = try TestServer()
        let application = Application(
            server.instance, options: .init(log: .off, control: ControlOptions(token: "t0ken")))
        func status(_ authorization: String?) -> Int? {
            var request = HTTPRequest(method: "GET", path: "/mock/v1/clock", headers: [("host", "localhost")])
            if let authorization { request.headers.append(("authorization", authorization)) }
            guard let response = application.respond(to: request).awaited else { return nil }
            return response.status
        }
        #expect(status(nil) == 401)
        #expect(status("Bearer wrong") == 401)
        #expect(status("Bearer t0ken") == 200)
    }

    @Test("without the control API its paths are not found") func off() throws {
        let server = try TestServer()
        let application = Application(server.instance, options: .init(log: .off, control: nil))
        let request = HTTPRequest(method: "GET", path: "/mock/v1/clock", headers: [("host", "localhost")])
        guard let response = application.respond(to: request).awaited else {
            Issue.record("no response")
            return
        }
        #expect(response.status == 404)
    }

    private static let wide: [UInt8] = "{}".utf8.flatMap { [$0, 0] }
    private static let wideBigEndian: [UInt8] = "{}".utf8.flatMap { [0, $0] }

    static let bodies: [([UInt8], String?)] = [
        ([0xEF, 0xBB, 0xBF] + Array("{\"advance\":\"1h\"}".utf8), nil),
        ([0xFF, 0xFE] + wide, "the body is UTF-16; send it as UTF-8"),
        (wideBigEndian, "the body is UTF-16; send it as UTF-8"),
        ([0x1F, 0x8B, 0x08, 0x00], "the body is compressed by gzip; send it uncompressed"),
        (
            Array("{“advance”:\"1h\"}".utf8),
            "line 1, column 2: expected a member name in double quotes; it is a typographic quotation mark, write \""
        ),
    ]

    @Test("a body with a byte order mark is read, and another encoding is named", arguments: bodies)
    func encodings(body: [UInt8], detail: String?) throws {
        let request = HTTPRequest(
            method: "PUT", path: "/mock/v1/clock",
            headers: [("host", "localhost:8080"), ("content-type", "application/json; charset=utf-8")], body: body)
        guard let response = try TestServer().service.respond(to: request).awaited else {
            Issue.record("no response")
            return
        }
        #expect(response.status == (detail == nil ? 200 : 400), "\(response.text)")
        #expect(response.json["detail"]?.string == detail)
    }
}
