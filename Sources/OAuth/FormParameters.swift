import Encodings
import Glibc

/// The parameters of a request, read as Go's `ParseForm` reads them: those of the body, then those of the query.
public struct FormParameters: Sendable {
    /// What made the form unreadable: a bad percent escape, a raw `;`, a malformed media type, or more than a limit allows.
    public struct Unreadable: Error {
        public let reason: String
        public init(_ reason: String) { self.reason = reason }
    }

    /// A form body over this many bytes is an error (Go's default, 10 MiB).
    public static let bodyLimit = 10 * 1024 * 1024

    /// Body and query may hold at most this many parameters together.
    public static let countLimit = 10_000
    /// The name or the value of a parameter may have at most this many bytes before decoding (4 MiB).
    public static let parameterLimit = 4 * 1024 * 1024
    /// Parameters that are kept with what they lead to, repeated in addresses, or taken apart may have fewer bytes.
    public static let keptLimits = [
        "scope": keptLimit, "nonce": keptLimit, "login_hint": keptLimit, "logout_hint": keptLimit,
        "ui_locales": keptLimit, "user_code": keptLimit, "prompt": keptLimit, "code_challenge": keptLimit,
        "state": 1024 * 1024,
    ]
    private static let keptLimit = 64 * 1024

    private struct Pair {
        let name: String
        /// The name in lower case.
        let foldedName: String
        let value: String
        /// Where the value is in the text before decoding.
        let range: Range<Int>
    }

    private var pairs: [Pair] = []
    private let bodyCount: Int
    /// What the parameters were read from.
    private let body: [UInt8]
    private let query: [UInt8]

    /// Why there are no parameters of a body.
    public enum MissingBody: Sendable, Equatable {
        /// The request has none.
        case empty
        /// Requests of this method have none that counts.
        case method(String)
        /// It does not say that it is a form; nil when it does not say what it is.
        case mediaType(String?)
    }

    /// nil when the body was read.
    public var missingBody: MissingBody?

    /// No parameters.
    public init() { (bodyCount, body, query) = (0, [], []) }

    /// - Parameters:
    ///   - body: the bytes of an `application/x-www-form-urlencoded` body, empty when there is none.
    ///   - query: the raw query of the URL, without the question mark.
    /// - Throws: `Unreadable`, also when a limit is exceeded.
    public init(body: some Collection<UInt8>, query: some Collection<UInt8>) throws(Unreadable) {
        self.body = Array(body)
        self.query = Array(query)
        var pairs: [Pair] = []
        try Self.parse(self.body, into: &pairs)
        bodyCount = pairs.count
        try Self.parse(self.query, into: &pairs)
        self.pairs = pairs
    }

    private static func parse(_ text: [UInt8], into pairs: inout [Pair]) throws(Unreadable) {
        // Looked for on the bytes themselves: assertions make forms long.
        var start = 0
        while start < text.count {
            let (equals, end, hasSemicolon) = text.withUnsafeBufferPointer { bytes in
                let end = index(of: "&", in: bytes, from: start, to: bytes.count)
                let hasSemicolon = index(of: ";", in: bytes, from: start, to: end) < end
                return (index(of: "=", in: bytes, from: start, to: end), end, hasSemicolon)
            }
            guard !hasSemicolon else {
                throw Unreadable(
                    "a raw ';' does not separate parameters; separate them by '&', or write %3B for a ';' in a value")
            }
            if start < end {
                guard pairs.count < countLimit else { throw Unreadable("more than \(countLimit) parameters") }
                pairs.append(try pair(in: text, from: start, equals: equals, to: end))
            }
            start = end + 1
        }
    }

    private static func decoded(_ text: ArraySlice<UInt8>) throws(Unreadable) -> String {
        if let decoded = PercentEncoding.formDecoded(text) { return decoded }
        throw Unreadable(
            PercentEncoding.hasBadEscape(text)
                ? "a '%' is not followed by two hexadecimal digits; write %25" : "there are \(StreamSafeText.problem)")
    }

    /// Where a character is first, or the end.
    private static func index(
        of character: Unicode.Scalar, in bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int
    ) -> Int {
        guard start < end, let base = bytes.baseAddress,
            let found = memchr(base + start, Int32(character.value), end - start)
        else { return end }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    private static func pair(
        in text: [UInt8], from start: Int, equals: Int, to end: Int
    ) throws(Unreadable) -> Pair {
        guard max(equals - start, end - equals - 1) <= parameterLimit else {
            throw Unreadable("a parameter is longer than \(parameterLimit) bytes")
        }
        let name = try decoded(text[start..<equals])
        let value = try decoded(text[min(equals + 1, end)..<end])
        let foldedName = name.caseFolded
        if value.utf8.count > keptLimit, let limit = keptLimits[foldedName], value.utf8.count > limit {
            throw Unreadable("the parameter \(foldedName) is longer than \(limit) bytes")
        }
        return Pair(
            name: name, foldedName: foldedName, value: value, range: min(equals + 1, end)..<end)
    }

    /// The effective value of all parameters but `grant_type`: the last one, so that the query wins over the body. The name may be in any letter case.
    public func last(_ name: String) -> String? {
        let wanted = name.caseFolded
        return pairs.last { $0.foldedName == wanted }?.value
    }

    /// The same value before it was decoded: what a caller meant who did not encode it.
    public func lastRaw(_ name: String) -> String? {
        let wanted = name.caseFolded
        guard let index = pairs.lastIndex(where: { $0.foldedName == wanted }) else { return nil }
        let text = index < bodyCount ? body : query
        return String(repairing: text[pairs[index].range])
    }

    /// The first value, the effective one of `grant_type`.
    public func first(_ name: String) -> String? {
        pairs.first { $0.name == name }?.value
    }

    /// All parameters, those of the body first.
    public var parameters: [(name: String, value: String)] { pairs.map { ($0.name, $0.value) } }

    /// All values that are not empty, for the real lists `audience` and `resource`.
    public func all(_ name: String) -> [String] {
        let wanted = name.caseFolded
        return pairs.filter { $0.foldedName == wanted && !$0.value.isEmpty }.map(\.value)
    }

    /// The first of some parameters that is there more than once with different values.
    /// - Parameter names: in lower case.
    public func firstRepeated(of names: Set<String>) -> String? {
        guard pairs.count > 1 else { return nil }
        // Nearly all requests have a few, and each once.
        let isShort = pairs.count <= 8
        if isShort, pairs.indices.allSatisfy({ i in !pairs[..<i].contains { $0.foldedName == pairs[i].foldedName } }) {
            return nil
        }
        var values: [String: String] = [:]
        for pair in pairs where names.contains(pair.foldedName) {
            guard let known = values.updateValue(pair.value, forKey: pair.foldedName) else { continue }
            if !known.hasSameBytes(as: pair.value) { return pair.foldedName }
        }
        return nil
    }

    /// Whether the parameter is in the query of the URL.
    public func isInQuery(_ name: String) -> Bool {
        let wanted = name.caseFolded
        return pairs[bodyCount...].contains { $0.foldedName == wanted }
    }
}
