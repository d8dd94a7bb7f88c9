import Encodings
import HTTP
import HTTPServer
import TestSupport

/// An answer as it came over the wire.
struct Answer {
    let response: HTTPResponse

    var text: String { String(decoding: response.body, as: UTF8.self) }
    var json: JSON? { try? JSONParser.parse(response.body) }
    func header(_ name: String) -> String? { response.header(name) }

    var locationParameters: [String: String] { response.locationParameters }
}

/// A step cannot be taken, because something is not there that this replay has not got.
struct Missing: Error {
    let what: String
}

/// The server did what no answer of a recording looks like.
struct Trouble: Error {
    let what: String
}

/// Sends requests byte for byte as they were recorded: nothing is added but `Host`, `Connection` and `Content-Length`.
struct Exchange {
    let port: Int
    var host: String { "localhost:\(port)" }

    func send(
        _ method: String, _ target: String, _ headers: [(name: String, value: String)] = [], _ body: [UInt8]? = nil
    ) throws -> Answer {
        var text = "\(method) \(target) HTTP/1.1\r\n"
        if !headers.contains(where: { $0.name.lowercased() == "host" }) { text += "Host: \(host)\r\n" }
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        text += "Connection: close\r\n"
        let content = body ?? []
        if body != nil || ["POST", "PUT", "PATCH"].contains(method) { text += "Content-Length: \(content.count)\r\n" }
        do {
            let bytes = try HTTPClient.exchange(Array((text + "\r\n").utf8) + content, with: "127.0.0.1", port: port)
            return Answer(response: try HTTPClient.parse(bytes))
        } catch {
            throw Trouble(what: "\(method) \(target): \(error)")
        }
    }

    func postForm(
        _ path: String, _ form: [(String, String)], _ headers: [(name: String, value: String)] = []
    ) throws -> Answer {
        try send(
            "POST", path, headers + [("Content-Type", "application/x-www-form-urlencoded")],
            Array(Self.encoded(form).utf8))
    }

    static func encoded(_ pairs: [(String, String)]) -> String {
        pairs.map { "\(PercentEncoding.formEncoded($0))=\(PercentEncoding.formEncoded($1))" }.joined(separator: "&")
    }
}
