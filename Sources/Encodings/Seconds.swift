/// A length of time in whole seconds, written as Go writes durations: `12h`, `90m`, `1h30m`, `30s`.
public struct Seconds: Sendable, Equatable, Comparable {
    public var count: Int64

    public init(_ count: Int64) {
        self.count = count
    }

    /// Every duration is shorter than this: 100 years.
    public static let limit = Seconds(100 * 366 * 86400)

    /// Why a text is no duration.
    public enum Unreadable: Error {
        case malformed
        /// It is well-formed, but reaches `limit`.
        case tooLong
    }

    /// Parses a duration; nil for whatever `read` refuses.
    public init?(parsing text: String) {
        guard let read = try? Self.read(text) else { return nil }
        self = read
    }

    /// Reads a duration: one or more `<digits>h`, `m` or `s` parts, each unit once and in that order, below `limit` in all.
    public static func read(_ text: String) throws(Unreadable) -> Seconds {
        var total: Int64 = 0
        var digits = ""
        var units = [("h", Int64(3600)), ("m", 60), ("s", 1)].map { (Character($0.0), $0.1) }[...]
        guard !text.isEmpty else { throw .malformed }
        for character in text {
            if character.isASCII, character.isNumber {
                digits.append(character)
                continue
            }
            guard !digits.isEmpty, let index = units.firstIndex(where: { $0.0 == character }) else { throw .malformed }
            // A number that does not fit is beyond the limit in any unit; capped, it stays there and cannot overflow.
            total += min(Int64(digits) ?? .max, limit.count) * units[index].1
            units = units[(index + 1)...]
            digits = ""
        }
        guard digits.isEmpty else { throw .malformed }
        guard total < limit.count else { throw .tooLong }
        return Seconds(total)
    }

    public static func < (left: Seconds, right: Seconds) -> Bool { left.count < right.count }

    /// The shortest exact spelling: `12h`, `1h30m`, `0s`.
    public var text: String {
        let parts = [(count / 3600, "h"), (count % 3600 / 60, "m"), (count % 60, "s")].filter { $0.0 > 0 }
        return parts.isEmpty ? "0s" : parts.map { "\($0.0)\($0.1)" }.joined()
    }
}
