/// A JSON value (RFC 8259) that keeps what matters to an authorization server: the order of members, and numbers that fit no `Int64`.
public enum JSON: Sendable, Equatable {
    case null
    case bool(Bool)
    /// A number written without fraction or exponent that fits 64 bits.
    case integer(Int64)
    /// Any other number, as it was written.
    case decimal(String)
    case string(String)
    case array([JSON])
    case object(JSONObject)

    public var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    public var array: [JSON]? {
        if case .array(let value) = self { value } else { nil }
    }

    public var object: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }

    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// A number without a fraction, also one that is written with an empty one, such as `2.0`.
    public var wholeNumber: Int64? {
        switch self {
        case .integer(let value): value
        case .decimal(let text): Double(text).flatMap(Int64.init(exactly:))
        default: nil
        }
    }

    /// A number; one without a near `Double` is rounded.
    public var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .decimal(let text): Double(text)
        default: nil
        }
    }

    /// An array of strings.
    public static func strings(_ values: [String]) -> JSON {
        .array(values.map(JSON.string))
    }

    /// The everyday name of a value of this kind.
    public var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer, .decimal: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
