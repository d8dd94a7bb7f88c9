import Encodings
import HTTP
import OAuth
public import Provider
import Synchronization
import System

/// The access log: one line a request, on standard error. It never makes a request wait; when it is not read, lines are dropped and counted.
public final class RequestLog: EventSink {
    /// How lines of the log look.
    public enum Format: String, Sendable, CaseIterable {
        case text, json
        /// nothing but failures of the server itself
        case off
    }

    /// Bytes of a field that a client chooses; the rest is cut.
    static let fieldLimit = 500
    private static let warningLimit = 20

    private let format: Format
    private let isColored: Bool
    private let writer: BackgroundWriter
    private let dropped = Atomic<Int>(0)

    /// - Parameter isColored: whether the status of a text line is written in color, for a terminal.
    init(_ format: Format, isColored: Bool = false, writer: BackgroundWriter = .standardError) {
        self.format = format
        self.isColored = isColored
        self.writer = writer
    }

    func record(_ event: RequestEvent) {
        let moment = event.time
        guard format != .off || event.failure != nil else { return }
        put(format == .json ? json(event, moment) : text(event, moment), moment)
    }

    /// Writes a line about something that no request asked for.
    func note(_ text: String, at moment: Timestamp) {
        guard format != .off else { return }
        put(message(text, moment), moment)
    }

    private func message(_ text: String, _ moment: Timestamp) -> String {
        format == .json ? Self.json(message: text, at: moment) : "\(Self.time(moment)) \(Self.printable(text))"
    }

    /// A line of the log in JSON that is not about a request.
    public static func json(message text: String, at moment: Timestamp) -> String {
        JSON.object(["time": .string(time(moment)), "message": .string(shortened(text))]).text
    }

    private func put(_ line: String, _ moment: Timestamp) {
        let lost = dropped.exchange(0, ordering: .relaxed)
        if lost > 0 {
            let note = message("\(lost) log lines were dropped, because standard error is not read", moment)
            guard writer.write(Array((note + "\n").utf8)) else {
                dropped.add(lost + 1, ordering: .relaxed)
                return
            }
        }
        if !writer.write(Array((line + "\n").utf8)) { dropped.add(1, ordering: .relaxed) }
    }

    private func text(_ event: RequestEvent, _ moment: Timestamp) -> String {
        let reason = event.reason
        var line = "\(event.status)"
        if let reason { line += " \(reason.code)" }
        if isColored { line = "\u{1B}[\(Self.color(event.status))m\(line)\u{1B}[0m" }
        line += " "
        line +=
            "\(Self.printableWithoutCodes(event.request.method)) \(Self.printableWithoutCodes(event.request.path)) \(milliseconds(event))"
        if let grant = event.grantType { line += " grant=\(Self.printableWithoutCodes(grant))" }
        if let client = event.client { line += " client=\(Self.printableWithoutCodes(client))" }
        if let user = event.user { line += " user=\(Self.printable(user))" }
        if let reason { line += ": \(Self.printableWithoutCodes(reason.detail))" }
        for warning in event.warnings.prefix(Self.warningLimit) {
            line += " [warning \(warning.code.rawValue): \(Self.printableWithoutCodes(warning.detail))]"
        }
        if let failure = event.failure { line += " failure: \(Self.printable(failure))" }
        return line + " (\(Self.time(moment)) \(event.id))"
    }

    /// The code of ISO 6429: green for success, cyan for a redirect, yellow for the client's fault, red for the server's.
    private static func color(_ status: Int) -> Int {
        switch status {
        case 500...: 31
        case 400...: 33
        case 300...: 36
        default: 32
        }
    }

    private func json(_ event: RequestEvent, _ moment: Timestamp) -> String {
        var object: JSONObject = [
            "time": .string(Self.time(moment)), "requestId": .string(event.id),
            "method": .string(Self.shortenedWithoutCodes(event.request.method)),
            "path": .string(Self.shortenedWithoutCodes(event.request.path)), "status": .integer(Int64(event.status)),
            "microseconds": .integer(event.microseconds),
            "peer": .string(event.request.peer),
        ]
        object.append("grant", ifNotEmpty: event.grantType.map(Self.shortenedWithoutCodes))
        object.append("client", ifNotEmpty: event.client.map(Self.shortenedWithoutCodes))
        object.append("user", ifNotEmpty: event.user.map { Self.shortened($0) })
        if let reason = event.reason {
            object.append("reason", .string(reason.code))
            object.append("message", .string(Self.shortenedWithoutCodes(reason.detail)))
        }
        if !event.warnings.isEmpty {
            object.append(
                "warnings",
                .array(
                    event.warnings.prefix(Self.warningLimit).map {
                        .object([
                            "code": .string($0.code.rawValue),
                            "message": .string(Self.shortenedWithoutCodes($0.detail)),
                        ])
                    }))
        }
        object.append("failure", ifNotEmpty: event.failure.map { Self.shortened($0) })
        return JSON.object(object).text
    }

    private static func time(_ moment: Timestamp) -> String {
        let milliseconds = String(moment.milliseconds % 1000)
        return UTCDateTime(unix: moment.seconds).rfc3339.dropLast() + "."
            + String(repeating: "0", count: 3 - milliseconds.count) + milliseconds + "Z"
    }

    private func milliseconds(_ event: RequestEvent) -> String {
        "\(event.microseconds / 1000).\(event.microseconds % 1000 / 100)ms"
    }

    /// For what a client sent where no code belongs.
    private static func printableWithoutCodes(_ text: String) -> String { printable(text, Masking.withoutCodes) }
    private static func shortenedWithoutCodes(_ text: String) -> String { shortened(text, Masking.withoutCodes) }

    /// Clients choose paths and ids; none of them gets to write a line of its own, or to color ours.
    static func printable(_ text: String, _ mask: (String) -> String = Masking.withoutTokens) -> String {
        guard !text.isEmpty else { return "-" }
        let text = shortened(text, mask)
        guard !text.utf8.allSatisfy({ (32..<127).contains($0) }) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? "\u{FFFD}" : $0 }))
    }

    /// Masks tokens that were sent in the wrong place, and cuts what is too long, by bytes, because one character may be megabytes. What is far behind the
    /// cut is not looked at.
    static func shortened(_ text: String, _ mask: (String) -> String = Masking.withoutTokens) -> String {
        let masked = mask(text.cut(toBytes: 8 * fieldLimit))
        guard masked.utf8.count > fieldLimit || text.utf8.count > 8 * fieldLimit else { return masked }
        return String(decoding: masked.utf8.prefix(fieldLimit), as: UTF8.self) + "... (\(text.utf8.count) bytes)"
    }

    /// Controls of ASCII and of ISO 6429 (some terminals obey U+009B as they obey ESC [), and what Unicode ends a line with.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<32, 127..<160, 0x2028, 0x2029: true
        default: false
        }
    }
}
