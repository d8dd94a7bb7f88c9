/// A value that SQLite can hold.
enum Value: Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByNilLiteral {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])

    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int64) { self = .integer(value) }
    init(nilLiteral: ()) { self = .null }

    static func bool(_ value: Bool) -> Value { .integer(value ? 1 : 0) }
    static func optional(_ value: String?) -> Value { value.map(Value.text) ?? .null }
}
