/// Finds where values are in a JSON text, for messages about a text that was parsed without errors.
public struct JSONPositions {
    private let bytes: [UInt8]
    private let wanted: Set<String>
    private var position = 0
    private var line = 1
    private var lineStart = 0
    private var found: [String: (line: Int, column: Int)] = [:]

    /// Line and column of values, both counted from 1, columns in bytes.
    /// - Parameters:
    ///   - pointers: JSON pointers (RFC 6901).
    ///   - bytes: a valid JSON text, not nested deeper than `JSONParser.depthLimit`.
    public static func find(
        _ pointers: Set<String>, in bytes: some Sequence<UInt8>
    ) -> [String: (line: Int, column: Int)] {
        var positions = JSONPositions(Array(bytes), pointers)
        positions.value("", depth: 0)
        return positions.found
    }

    private init(_ bytes: [UInt8], _ wanted: Set<String>) {
        self.bytes = bytes
        self.wanted = wanted
    }

    private var current: UInt8 { position < bytes.count ? bytes[position] : 0 }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x0A:
                line += 1
                lineStart = position + 1
            case 0x20, 0x09, 0x0D: break
            default: return
            }
            position += 1
        }
    }

    /// Moves past the string that begins here.
    /// - Returns: its characters as they are written.
    private mutating func string() -> ArraySlice<UInt8> {
        let start = position + 1
        position = start
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        let end = min(position, bytes.count)
        position = min(position + 1, bytes.count)
        return bytes[min(start, end)..<end]
    }

    private mutating func value(_ pointer: String, depth: Int) {
        skipSpace()
        if wanted.contains(pointer) { found[pointer] = (line, position - lineStart + 1) }
        guard depth <= JSONParser.depthLimit else { return }
        switch current {
        case UInt8(ascii: "{"): members(pointer, depth)
        case UInt8(ascii: "["): elements(pointer, depth)
        case UInt8(ascii: "\""): _ = string()
        default:
            while position < bytes.count, !",]}\n\r\t ".utf8.contains(bytes[position]) { position += 1 }
        }
    }

    private mutating func members(_ pointer: String, _ depth: Int) {
        position += 1
        skipSpace()
        while current == UInt8(ascii: "\"") {
            let (nameLine, nameColumn) = (line, position - lineStart + 1)
            let quoted = [UInt8(ascii: "\"")] + string() + [UInt8(ascii: "\"")]
            let name = (try? JSONParser.parse(quoted))?.string ?? ""
            let location = JSONPointer.appending(name, to: pointer)
            skipSpace()
            position += 1
            value(location, depth: depth + 1)
            // The place of a member is its name.
            if wanted.contains(location) { found[location] = (nameLine, nameColumn) }
            skipSpace()
            guard current == UInt8(ascii: ",") else { break }
            position += 1
            skipSpace()
        }
        position = min(position + 1, bytes.count)
    }

    private mutating func elements(_ pointer: String, _ depth: Int) {
        position += 1
        skipSpace()
        var index = 0
        while position < bytes.count, current != UInt8(ascii: "]") {
            value("\(pointer)/\(index)", depth: depth + 1)
            index += 1
            skipSpace()
            guard current == UInt8(ascii: ",") else { break }
            position += 1
            skipSpace()
        }
        position = min(position + 1, bytes.count)
    }
}
