import Glibc

/// Standard output and standard error.
enum Terminal {
    static func print(_ text: String) { write(text + "\n", to: 1) }
    static func complain(_ text: String) { write(text + "\n", to: 2) }

    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Columns as wide as their widest cell, two blanks between them.
    static func table(_ rows: [[String]]) -> String {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
        let lines = rows.map { row in
            let cells = row.enumerated().map {
                $1 + String(repeating: " ", count: $0 == row.count - 1 ? 0 : widths[$0] - $1.count)
            }
            return "  " + cells.joined(separator: "  ")
        }
        return lines.joined(separator: "\n")
    }
}
