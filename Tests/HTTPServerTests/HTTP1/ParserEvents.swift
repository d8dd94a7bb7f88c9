import HTTP

@testable import HTTPServer

/// Requests as clients send them.
enum SampleRequest {
    static let post = "POST /a/b?q=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nX-A:  b \r\n\r\nhello"
    static let chunked =
        "POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;name=value\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n"
    static let get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
}

/// Feeds pieces to a parser one after the other.
/// - Returns: a line for each request, failure and expected continuation.
func parserEvents(_ pieces: [[UInt8]], bodyLimit: Int = 1000) -> [String] {
    var parser = RequestParser(bodyLimit: bodyLimit)
    var events: [String] = []
    for piece in pieces {
        piece.withUnsafeBufferPointer { parser.append($0) }
        reading: while true {
            switch parser.next() {
            case .needsMore: break reading
            case .expectsContinue: events.append("continue")
            case .request(let request, let keepsAlive, _):
                let query = String(decoding: request.query, as: UTF8.self)
                let body = request.bodyIsTooLong ? "(too long)" : String(decoding: request.body, as: UTF8.self)
                events.append("\(request.method) \(request.path)|\(query)|\(body)|\(keepsAlive ? "keep" : "close")")
                if !keepsAlive { return events }
            case .failure(let rejection):
                return events + ["\(rejection.status)"]
            }
        }
    }
    return events
}

func parserEvents(_ text: String, bodyLimit: Int = 1000) -> [String] {
    parserEvents([Array(text.utf8)], bodyLimit: bodyLimit)
}
