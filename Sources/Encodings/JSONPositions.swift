/// Finds where values are in a JSON text, for messages about a text that was parsed without errors.
public struct JSONPositions {
    /// A place in the document on the way to wanted ones.
    private final class Place {
        /// Its pointer, when it is wanted itself.
        var pointer: String?
        var members: [ExactString: Place] = [:]
        /// Those of the members whose names may be the index of an element.
        var elements: [Int: Place] = [:]

        /// The place below this one, made when it is not there yet.
        func part(_ name: String) -> Place {
            if let known = members[ExactString(name)] { return known }
            let place = Place()
            members[ExactString(name)] = place
            if let index = Int(name) { elements[index] = place }
            return place
        }
    }

    private let bytes: [UInt8]
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
        let top = Place()
        for pointer in pointers {
            JSONPointer.names(pointer).reduce(top) { $0.part($1) }.pointer = pointer
        }
        var positions = JSONPositions(Array(bytes))
        positions.value(top, depth: 0)
        return positions.found
    }

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
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

    /// Moves past the value that begins here, in which nothing is wanted.
    private mutating func skipValue() {
        var depth = 0
        repeat {
            skipSpace()
            switch current {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                position += 1
            case UInt8(ascii: "\""): _ = string()
            case UInt8(ascii: ","), UInt8(ascii: ":"): position += 1
            default: skipWord()
            }
        } while depth > 0 && position < bytes.count
    }

    /// Moves past the number or word that begins here.
    private mutating func skipWord() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), 0x0A, 0x0D, 0x09, 0x20: return
            default: position += 1
            }
        }
    }

    /// - Parameter place: nil where nothing is wanted.
    private mutating func value(_ place: Place?, depth: Int) {
        skipSpace()
        guard let place else { return skipValue() }
        if let pointer = place.pointer { found[pointer] = (line, position - lineStart + 1) }
        guard depth <= JSONParser.depthLimit else { return }
        switch current {
        case UInt8(ascii: "{"): members(place, depth)
        case UInt8(ascii: "["): elements(place, depth)
        default: skipValue()
        }
    }

    private mutating func members(_ place: Place, _ depth: Int) {
        guard !place.members.isEmpty else { return skipValue() }
        position += 1
        skipSpace()
        while current == UInt8(ascii: "\"") {
            let (nameLine, nameColumn) = (line, position - lineStart + 1)
            let member = place.members[ExactString(Self.text(string()))]
            skipSpace()
            position += 1
            value(member, depth: depth + 1)
            // The place of a member is its name.
            if let pointer = member?.pointer { found[pointer] = (nameLine, nameColumn) }
            skipSpace()
            guard current == UInt8(ascii: ",") else { break }
            position += 1
            skipSpace()
        }
        position = min(position + 1, bytes.count)
    }

    /// A name as it is meant.
    private static func text(_ written: ArraySlice<UInt8>) -> String {
        guard written.contains(UInt8(ascii: "\\")) else { return String(repairing: written) }
        let quoted = [UInt8(ascii: "\"")] + written + [UInt8(ascii: "\"")]
        return (try? JSONParser.parse(quoted))?.string ?? ""
    }

    private mutating func elements(_ place: Place, _ depth: Int) {
        guard !place.elements.isEmpty else { return skipValue() }
        position += 1
        skipSpace()
        var index = 0
        while position < bytes.count, current != UInt8(ascii: "]") {
            value(place.elements[index], depth: depth + 1)
            index += 1
            skipSpace()
            guard current == UInt8(ascii: ",") else { break }
            position += 1
            skipSpace()
        }
        position = min(position + 1, bytes.count)
    }
}
