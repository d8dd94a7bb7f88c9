import Encodings
import Glibc
import HTTP
import Provider

/// One line a request, on standard error.
public struct RequestLog: Sendable {
    public enum Format: String, Sendable, CaseIterable {
        case text, json
        /// nothing but failures of the server itself
        case off
    }

    private let format: Format

    public init(_ format: Format) {
        self.format = format
    }

    struct Entry {
        var requestID: String
        var request: HTTPRequest
        var status: Int
        var microseconds: Int64
        /// Who sent it, once that is known: a client id or user name.
        var client: String?
        /// The person or service user that it is about.
        var user: String?
        var rejection: Rejection?
        var warnings: [Warning] = []
        /// The cause of a failure of the server, which nobody else is told.
        var failure: String?
    }

    func write(_ entry: Entry, at moment: Timestamp) {
        guard format != .off || entry.failure != nil else { return }
        put(format == .json ? json(entry, moment) : text(entry, moment))
    }

    /// Writes a line about something that no request asked for.
    func note(_ text: String, at moment: Timestamp) {
        guard format != .off else { return }
        let line =
            format == .json
            ? JSON.object(["time": .string(time(moment)), "message": .string(text)]).text
            : "\(time(moment)) \(Self.printable(text))"
        put(line)
    }

    private func put(_ line: String) {
        let bytes = Array(line.utf8) + [10]
        // One call, so that lines of several threads do not mix.
        _ = bytes.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
    }

    private func text(_ entry: Entry, _ moment: Timestamp) -> String {
        var line =
            "\(time(moment)) \(entry.requestID) \(entry.request.method) \(Self.printable(entry.request.path)) \(entry.status) \(milliseconds(entry))"
        if let client = entry.client { line += " client=\(Self.printable(client))" }
        if let user = entry.user { line += " user=\(Self.printable(user))" }
        if let rejection = entry.rejection {
            line += " \(rejection.reason.rawValue): \(Self.printable(rejection.detail))"
        }
        for warning in entry.warnings { line += " [warning \(warning.code): \(Self.printable(warning.detail))]" }
        if let failure = entry.failure { line += " failure: \(Self.printable(failure))" }
        return line
    }

    private func json(_ entry: Entry, _ moment: Timestamp) -> String {
        var object: JSONObject = [
            "time": .string(time(moment)), "requestId": .string(entry.requestID),
            "method": .string(entry.request.method),
            "path": .string(entry.request.path), "status": .integer(Int64(entry.status)),
            "microseconds": .integer(entry.microseconds),
            "peer": .string(entry.request.peer),
        ]
        object.append("client", ifNotEmpty: entry.client)
        object.append("user", ifNotEmpty: entry.user)
        if let rejection = entry.rejection {
            object.append("reason", .string(rejection.reason.rawValue))
            object.append("message", .string(rejection.detail))
        }
        if !entry.warnings.isEmpty {
            object.append(
                "warnings",
                .array(entry.warnings.map { .object(["code": .string($0.code), "message": .string($0.detail)]) }))
        }
        object.append("failure", ifNotEmpty: entry.failure)
        return JSON.object(object).text
    }

    private func time(_ moment: Timestamp) -> String {
        let milliseconds = String(moment.milliseconds % 1000)
        return UTCDateTime(unix: moment.seconds).rfc3339.dropLast() + "."
            + String(repeating: "0", count: 3 - milliseconds.count) + milliseconds + "Z"
    }

    private func milliseconds(_ entry: Entry) -> String {
        "\(entry.microseconds / 1000).\(entry.microseconds % 1000 / 100)ms"
    }

    /// Clients choose paths and ids; none of them gets to write a line of its own, or to colour ours.
    static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? "\u{FFFD}" : $0 }))
    }

    /// Controls of ASCII and of ISO 6429 (some terminals obey U+009B as they obey ESC [), and what Unicode ends a line with.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<32, 127..<160, 0x2028, 0x2029: true
        default: false
        }
    }
}
