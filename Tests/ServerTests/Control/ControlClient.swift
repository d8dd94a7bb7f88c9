import Encodings
import HTTP
import Server
import TestSupport

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
        guard case .response(let response) = service.respond(to: request) else { return nil }
        return response
    }
}
