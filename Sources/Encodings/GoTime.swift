/// Times as Go's `time.Parse` reads them by the layout `time.RFC3339`: stricter than RFC 3339 in the letters, and more lenient in some numbers.
public enum GoTime {
    /// The seconds since 1970; a fraction is cut.
    ///
    /// `T` and `Z` are upper-case, and there is no leap second. But the hour may have one digit, a comma may separate the fraction, and an offset may
    /// be as large as 24 hours and 60 minutes.
    /// - Returns: nil where Go reports an error.
    public static func unix(rfc3339 text: String) -> Int64? {
        var reader = Reader(rest: Array(text.utf8)[...])
        guard let year = reader.number(digits: 4), reader.take("-"),
            let month = reader.number(digits: 2), (1...12).contains(month), reader.take("-"),
            let day = reader.number(digits: 2), (1...UTCDateTime.daysIn(month, year)).contains(day), reader.take("T"),
            let hour = reader.number(digits: 2) ?? reader.number(digits: 1), hour < 24, reader.take(":"),
            let minute = reader.number(digits: 2), minute < 60, reader.take(":"),
            let second = reader.number(digits: 2), second < 60
        else { return nil }
        reader.skipFraction()
        guard let offset = reader.offset(), reader.rest.isEmpty else { return nil }
        let seconds = hour * 3600 + minute * 60 + second - offset
        return UTCDateTime.daysSince1970(year, month, day) * 86400 + Int64(seconds)
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

        /// Takes a number of exactly this many digits off; nil, and nothing taken, when there are fewer.
        mutating func number(digits: Int) -> Int? {
            let text = rest.prefix(digits)
            guard text.count == digits, text.allSatisfy(Self.isDigit) else { return nil }
            rest = rest.dropFirst(digits)
            return text.reduce(0) { $0 * 10 + Int($1 & 0x0F) }
        }

        mutating func take(_ character: Character) -> Bool {
            guard let first = rest.first, first == character.asciiValue else { return false }
            rest = rest.dropFirst()
            return true
        }

        /// A separator counts only with a digit after it.
        mutating func skipFraction() {
            guard let first = rest.first, first == UInt8(ascii: ".") || first == UInt8(ascii: ",") else { return }
            let digits = rest.dropFirst().prefix(while: Self.isDigit)
            if !digits.isEmpty { rest = rest[digits.endIndex...] }
        }

        /// The seconds that the local time is ahead of UTC.
        mutating func offset() -> Int? {
            if take("Z") { return 0 }
            let isBehind = rest.first == UInt8(ascii: "-")
            guard take("-") || take("+"), let hours = number(digits: 2), hours <= 24, take(":"),
                let minutes = number(digits: 2), minutes <= 60
            else { return nil }
            return (hours * 3600 + minutes * 60) * (isBehind ? -1 : 1)
        }
    }
}
