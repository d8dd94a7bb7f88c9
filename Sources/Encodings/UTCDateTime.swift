/// A moment in UTC as people and protocols write it: RFC 3339, and the fixed form of HTTP (RFC 9110 section 5.6.7).
public struct UTCDateTime: Sendable, Equatable {
    public var year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int

    /// Unix seconds of 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z, the years that RFC 3339 can write.
    public static let range: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    /// - Parameter unix: seconds since 1970; what lies outside `range` becomes its nearest end.
    public init(unix: Int64) {
        let unix = min(max(unix, Self.range.lowerBound), Self.range.upperBound)
        let days = unix >= 0 ? unix / 86400 : (unix - 86399) / 86400
        let rest = Int(unix - days * 86400)
        // Howard Hinnant's civil_from_days: exact for the proleptic Gregorian calendar, without a table or a loop.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = Int(shifted - era * 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + Int(era) * 400 + (month <= 2 ? 1 : 0)
        hour = rest / 3600
        minute = rest % 3600 / 60
        second = rest % 60
    }

    /// Parses RFC 3339 (`2026-11-21T10:00:00Z`, fractions and offsets allowed) into seconds since 1970; a fraction is cut.
    public static func unix(rfc3339 text: String) -> Int64? {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int? {
            guard range.upperBound <= bytes.count, bytes[range].allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
                return nil
            }
            return bytes[range].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }
        func has(_ character: Character, at index: Int) -> Bool {
            index < bytes.count && bytes[index] == character.asciiValue
        }
        guard bytes.count >= 20, let year = number(0..<4), has("-", at: 4), let month = number(5..<7), has("-", at: 7),
            let day = number(8..<10),
            has("T", at: 10) || has("t", at: 10) || has(" ", at: 10), let hour = number(11..<13), has(":", at: 13),
            let minute = number(14..<16),
            has(":", at: 16), let second = number(17..<19), (1...12).contains(month),
            (1...daysIn(month, year)).contains(day), hour < 24, minute < 60,
            second < 61
        else { return nil }
        var index = 19
        if has(".", at: index) {
            let start = index + 1
            index = start
            while index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39 { index += 1 }
            guard index > start else { return nil }
        }
        var offset = 0
        if has("Z", at: index) || has("z", at: index) {
            guard index + 1 == bytes.count else { return nil }
        } else {
            guard has("+", at: index) || has("-", at: index), bytes.count == index + 6, has(":", at: index + 3),
                let hours = number(index + 1..<index + 3),
                let minutes = number(index + 4..<index + 6), hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 3600 + minutes * 60) * (has("-", at: index) ? -1 : 1)
        }
        return daysSince1970(year, month, day) * 86400 + Int64(hour * 3600 + minute * 60 + second - offset)
    }

    /// `2026-11-21T10:00:00Z`
    public var rfc3339: String {
        pad(year, 4) + "-" + pad(month) + "-" + pad(day) + "T" + pad(hour) + ":" + pad(minute) + ":" + pad(second) + "Z"
    }

    /// A time as RFC 3339 writes it; the number itself where it lies outside `range`.
    /// - Parameter unix: seconds since 1970.
    public static func rfc3339(unix seconds: Int64) -> String {
        range.contains(seconds) ? UTCDateTime(unix: seconds).rfc3339 : "\(seconds)"
    }

    /// `Sat, 21 Nov 2026 10:00:00 GMT`
    public var http: String {
        let weekday = Int((Self.daysSince1970(year, month, day) % 7 + 7) % 7)
        let names = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return
            "\(names[weekday]), \(pad(day)) \(months[month - 1]) \(pad(year, 4)) \(pad(hour)):\(pad(minute)):\(pad(second)) GMT"
    }

    private func pad(_ value: Int, _ width: Int = 2) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }

    static func daysIn(_ month: Int, _ year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
        let shiftedYear = Int64(month <= 2 ? year - 1 : year)
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = Int64((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1)
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
