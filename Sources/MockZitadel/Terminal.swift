import Glibc

/// Standard output and standard error.
enum Terminal {
    /// Writes what a command was asked for. Where it cannot be written, the program ends with status 74; a reader that has enough, such as `head`, is no failure.
    static func print(_ text: String) {
        let failure = write(text + "\n", to: 1)
        guard failure != 0, failure != EPIPE else { return }
        printError("mock-zitadel: standard output: \(String(cString: strerror(failure)))")
        exit(74)
    }

    /// Writes to standard error. Control characters are replaced: texts of servers and of arguments are in messages.
    static func printError(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        _ = write(lines.map { printable(String($0)) }.joined(separator: "\n") + "\n", to: 2)
    }

    /// - Returns: 0, or the `errno` of the write that failed.
    private static func write(_ text: String, to descriptor: Int32) -> Int32 {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return errno }
            rest = rest.dropFirst(count)
        }
        return 0
    }

    /// Whether colors are for somebody who sees them: on a terminal, and not refused (https://no-color.org).
    static func isColored(_ descriptor: Int32, _ environment: [String: String]) -> Bool {
        isatty(descriptor) == 1 && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }

    /// Columns as wide as their widest cell, two spaces between them. Control characters of cells are replaced by spaces: text of a server must not move the cursor.
    static func table(_ rows: [[String]], isColored: Bool = false, hasHeading: Bool = true) -> String {
        let rows = rows.map { $0.map(printable) }
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
        let lines = rows.enumerated().map { index, row in
            let cells = row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: column == row.count - 1 ? 0 : widths[column] - cell.count)
                guard isColored else { return cell + padding }
                let isLabel = hasHeading ? index == 0 : column == 0
                return colored(cell, isLabel ? quiet : colors[cell]) + padding
            }
            return "  " + cells.joined(separator: "  ")
        }
        return lines.joined(separator: "\n")
    }

    private static let quiet = 2
    /// Of words that are good or bad news.
    private static let colors: [String: Int] = [
        "passed": 32, "ok": 32, "active": 32, "accepted": 32, "failed": 31, "inactive": 31, "rejected": 31,
        "wrong": 31, "warning": 33, "shifted": 33, "frozen": 33,
    ]

    private static func colored(_ text: String, _ color: Int?) -> String {
        color.map { "\u{1B}[\($0)m\(text)\u{1B}[0m" } ?? text
    }

    private static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.value < 32 || (127..<160).contains($0.value) }) else {
            return text
        }
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.value < 32 || (127..<160).contains($0.value) ? " " : $0 }))
    }
}
