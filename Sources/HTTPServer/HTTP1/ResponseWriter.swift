import Encodings
import HTTP

/// Writes the head of HTTP/1 responses (RFC 9112 sections 4 and 6).
struct ResponseWriter {
    let isHTTP10: Bool
    let keepsAlive: Bool
    /// The time as HTTP writes it.
    let date: String

    static let continueResponse = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

    /// How the client finds the end of the body.
    enum Framing {
        case length(Int)
        case chunked
        case connectionEnd
    }

    func head(of response: HTTPResponse, _ framing: Framing) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(512)
        // Go answers HTTP/1.0 in kind.
        Self.append(isHTTP10 ? "HTTP/1.0 " : "HTTP/1.1 ", to: &output)
        Self.append(String(response.status), to: &output)
        Self.append(" ", to: &output)
        Self.append(HTTPResponse.phrase(response.status), to: &output)
        for (name, value) in response.headers {
            Self.append("\r\n", to: &output)
            Self.append(name, to: &output)
            Self.append(": ", to: &output)
            Self.append(Self.isSafe(value) ? value : Self.withoutControls(value), to: &output)
        }
        Self.append("\r\nDate: ", to: &output)
        Self.append(date, to: &output)
        switch framing {
        case .length(let count) where !HTTPResponse.isBodiless(response.status):
            Self.append("\r\nContent-Length: \(count)", to: &output)
        case .chunked: Self.append("\r\nTransfer-Encoding: chunked", to: &output)
        default: break
        }
        if !keepsAlive {
            Self.append("\r\nConnection: close", to: &output)
        } else if isHTTP10 {
            Self.append("\r\nConnection: keep-alive", to: &output)
        }
        Self.append("\r\n\r\n", to: &output)
        return output
    }

    /// A header value with a line break in it would be two headers; a tab may be in one.
    private static func isControl(_ byte: UInt8) -> Bool { byte < 32 && byte != 9 }

    private static func isSafe(_ value: String) -> Bool { !value.containsByte(where: isControl) }

    private static func withoutControls(_ value: String) -> String {
        String(decoding: value.utf8.map { isControl($0) ? 32 : $0 }, as: UTF8.self)
    }

    private static func append(_ text: String, to output: inout [UInt8]) {
        var text = text
        text.withUTF8 { output.append(contentsOf: $0) }
    }
}
