import Encodings
import Glibc
import HTTP
import Provider

/// One line a request, on standard error.
public struct RequestLog: EventSink {
    public enum Format: String, Sendable, CaseIterable {
        case text, json
        /// nothing but failures of the server itself
        case off
    }

    private let format: Format

    public init(_ format: Format) {
        self.format = format
    }

    func record(_ event: RequestEvent) {
        let moment = event.time
        guard format != .off || event.failure != nil else { return }
        put(format == .json ? json(event, moment) : text(event, moment))
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

    private func text(_ event: RequestEvent, _ moment: Timestamp) -> String {
        var line =
            "\(event.status) \(event.request.method) \(Self.printable(event.request.path)) \(milliseconds(event))"
        if let rejection = event.rejection {
            line =
                "\(event.status) \(rejection.reason.rawValue) \(event.request.method) \(Self.printable(event.request.path)) \(milliseconds(event))"
        }
        if let grant = event.grantType { line += " grant=\(grant.name)" }
        if let client = event.client { line += " client=\(Self.printable(client))" }
        if let user = event.user { line += " user=\(Self.printable(user))" }
        if let rejection = event.rejection { line += ": \(Self.printable(rejection.detail))" }
        for warning in event.warnings { line += " [warning \(warning.code): \(Self.printable(warning.detail))]" }
        if let failure = event.failure { line += " failure: \(Self.printable(failure))" }
        return line + " (\(time(moment)) \(event.id))"
    }

    private func json(_ event: RequestEvent, _ moment: Timestamp) -> String {
        var object: JSONObject = [
            "time": .string(time(moment)), "requestId": .string(event.id),
            "method": .string(event.request.method),
            "path": .string(event.request.path), "status": .integer(Int64(event.status)),
            "microseconds": .integer(event.microseconds),
            "peer": .string(event.request.peer),
        ]
        object.append("grant", ifNotEmpty: event.grantType?.name)
        object.append("client", ifNotEmpty: event.client)
        object.append("user", ifNotEmpty: event.user)
        if let rejection = event.rejection {
            object.append("reason", .string(rejection.reason.rawValue))
            object.append("message", .string(rejection.detail))
        }
        if !event.warnings.isEmpty {
            object.append(
                "warnings",
                .array(event.warnings.map { .object(["code": .string($0.code), "message": .string($0.detail)]) }))
        }
        object.append("failure", ifNotEmpty: event.failure)
        return JSON.object(object).text
    }

    private func time(_ moment: Timestamp) -> String {
        let milliseconds = String(moment.milliseconds % 1000)
        return UTCDateTime(unix: moment.seconds).rfc3339.dropLast() + "."
            + String(repeating: "0", count: 3 - milliseconds.count) + milliseconds + "Z"
    }

    private func milliseconds(_ event: RequestEvent) -> String {
        "\(event.microseconds / 1000).\(event.microseconds % 1000 / 100)ms"
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
