/// A length of time in whole seconds, written as Go writes durations: `12h`, `90m`, `1h30m`, `30s`.
public struct Seconds: Sendable, Equatable, Comparable {
    public var count: Int64

    public init(_ count: Int64) {
        self.count = count
    }

    /// Parses a duration; nil unless it is one or more `<digits>h`, `m` or `s` parts, each unit once and in that order, below 100 years in all.
    public init?(parsing text: String) {
        var total: Int64 = 0
        var digits = ""
        var units = [("h", Int64(3600)), ("m", 60), ("s", 1)].map { (Character($0.0), $0.1) }[...]
        guard !text.isEmpty else { return nil }
        for character in text {
            if character.isASCII, character.isNumber {
                digits.append(character)
                continue
            }
            guard let value = Int64(digits), value < 1_000_000_000, let index = units.firstIndex(where: { $0.0 == character }) else { return nil }
            total += value * units[index].1
            units = units[(index + 1)...]
            digits = ""
        }
        guard digits.isEmpty, total < 100 * 366 * 86400 else { return nil }
        count = total
    }

    public static func < (left: Seconds, right: Seconds) -> Bool { left.count < right.count }

    /// The shortest exact spelling: `12h`, `1h30m`, `0s`.
    public var text: String {
        let parts = [(count / 3600, "h"), (count % 3600 / 60, "m"), (count % 60, "s")].filter { $0.0 > 0 }
        return parts.isEmpty ? "0s" : parts.map { "\($0.0)\($0.1)" }.joined()
    }
}
