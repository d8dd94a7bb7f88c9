import Encodings
import HTTP
import Server
import TestSupport
import Testing

/// Calls the control API of a test server.
extension TestServer {
    /// - Returns: the response; nil when it comes later.
    func control(
        _ method: String, _ path: String, _ body: JSON? = nil, headers: [(name: String, value: String)] = []
    ) -> HTTPResponse? {
        let target = path.split(separator: "?", maxSplits: 1)
        var request = HTTPRequest(
            method: method, path: "/mock/v1" + (target.first.map(String.init) ?? ""),
            query: target.count > 1 ? Array(target[1].utf8) : [], headers: [("host", "localhost:8080")] + headers)
        if let body {
            request.headers.append(("content-type", "application/json"))
            request.body = body.bytes()
        }
        guard let response = service.respond(to: request).awaited else { return nil }
        return response
    }
}

/// What a call answers, when it must be this status.
struct ControlCaller {
    let server: TestServer

    @discardableResult
    func callAsFunction(
        _ method: String, _ path: String, _ body: JSON? = nil, expect status: Int = 200,
        headers: [(name: String, value: String)] = [], sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        let response = try #require(
            server.control(method, path, body, headers: headers), sourceLocation: sourceLocation)
        #expect(response.status == status, "\(method) \(path): \(response.text)", sourceLocation: sourceLocation)
        return .object(response.json)
    }
}

extension JSON {
    /// A member of an object.
    subscript(name: String) -> JSON? { object?[name] }
    var id: String { self["id"]?.string ?? "" }
    /// The items of a list.
    var items: [JSON] { self["items"]?.array ?? [] }
}
