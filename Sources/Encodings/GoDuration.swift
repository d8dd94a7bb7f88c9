/// A length of time in milliseconds, written as Go writes durations: `12h`, `1h30m`, `30s`, `-200ms`.
public struct GoDuration: Sendable, Equatable, Comparable {
    public var milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// - Parameter seconds: up to 100 million years.
    public init(seconds: Int64) {
        milliseconds = seconds * 1000
    }

    /// Whole seconds; a remainder is dropped.
    public var seconds: Int64 { milliseconds / 1000 }

    public static func < (left: GoDuration, right: GoDuration) -> Bool { left.milliseconds < right.milliseconds }

    /// The shortest exact spelling: `12h`, `1h30m`, `0s`, `-1m30s`.
    public var text: String {
        guard milliseconds != 0 else { return "0s" }
        var rest = milliseconds.magnitude
        var text = milliseconds < 0 ? "-" : ""
        for unit in Self.units where unit.name != "d" && rest >= unit.milliseconds {
            text += "\(rest / UInt64(unit.milliseconds))\(unit.name)"
            rest %= UInt64(unit.milliseconds)
        }
        return text
    }

    private struct Unit {
        let name: String
        let milliseconds: Int64
    }

    /// From long to short.
    private static let units = [
        Unit(name: "d", milliseconds: 86_400_000), Unit(name: "h", milliseconds: 3_600_000),
        Unit(name: "m", milliseconds: 60_000), Unit(name: "s", milliseconds: 1000), Unit(name: "ms", milliseconds: 1),
    ]

    // MARK: Lifetimes

    /// Every lifetime is shorter than this: 100 years.
    public static let lifetimeLimit = GoDuration(seconds: 100 * 366 * 86400)

    /// Why a text is not a lifetime.
    public enum Unreadable: Error {
        case malformed
        /// It is well-formed, but reaches `lifetimeLimit`.
        case tooLong
    }

    /// Parses a lifetime; nil for what `lifetime(_:)` does not accept.
    public init?(lifetime text: String) {
        guard let read = try? Self.lifetime(text) else { return nil }
        self = read
    }

    /// Reads a lifetime: one or more `<digits>h`, `m` or `s` parts, each unit once and in that order, below `lifetimeLimit` in all.
    public static func lifetime(_ text: String) throws(Unreadable) -> GoDuration {
        var total: Int64 = 0
        var digits = ""
        var units = Self.units.filter { ["h", "m", "s"].contains($0.name) }[...]
        guard !text.isEmpty else { throw .malformed }
        for character in text {
            if character.isASCII, character.isNumber {
                digits.append(character)
                continue
            }
            guard !digits.isEmpty, let index = units.firstIndex(where: { $0.name == String(character) }) else {
                throw .malformed
            }
            // A number that does not fit is beyond the limit in any unit; capped, it stays there and cannot overflow.
            total += min(Int64(digits) ?? .max, lifetimeLimit.seconds) * (units[index].milliseconds / 1000)
            units = units[(index + 1)...]
            digits = ""
        }
        guard digits.isEmpty else { throw .malformed }
        guard total < lifetimeLimit.seconds else { throw .tooLong }
        return GoDuration(seconds: total)
    }

    // MARK: Any duration

    /// 10,000 years.
    private static let limit: Int64 = 315_360_000_000_000

    /// Parses a duration of up to 10,000 years, also a negative one: a sign, and parts of `d`, `h`, `m`, `s` or `ms` in any order.
    public init?(_ text: String) {
        var rest = Substring(text)
        let isNegative = rest.hasPrefix("-")
        if isNegative || rest.hasPrefix("+") { rest = rest.dropFirst() }
        guard !rest.isEmpty, text.utf8.count <= 40 else { return nil }
        var total: Int64 = 0
        while !rest.isEmpty {
            let digits = rest.prefix { ("0"..."9").contains($0) }
            rest = rest.dropFirst(digits.count)
            // "ms" begins with "m".
            guard let number = Int64(digits), let unit = Self.units.reversed().first(where: { rest.hasPrefix($0.name) })
            else { return nil }
            rest = rest.dropFirst(unit.name.count)
            let (product, overflow) = number.multipliedReportingOverflow(by: unit.milliseconds)
            let (sum, overflow2) = total.addingReportingOverflow(product)
            guard !overflow, !overflow2, sum <= Self.limit else { return nil }
            total = sum
        }
        milliseconds = isNegative ? -total : total
    }
}
