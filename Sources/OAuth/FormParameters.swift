import Encodings

/// The parameters of a request, read as Go's `ParseForm` reads them: those of the body, then those of the query.
public struct FormParameters: Sendable {
    /// What made the form unreadable: a bad percent escape, a raw `;`, a malformed media type, or a body over the limit.
    public struct Unreadable: Error {
        public let reason: String
        public init(_ reason: String) { self.reason = reason }
    }

    /// A form body over this many bytes is an error (Go's default, 10 MiB).
    public static let bodyLimit = 10 * 1024 * 1024

    private var pairs: [(name: String, value: String)] = []
    private let bodyCount: Int

    /// - Parameters:
    ///   - body: the bytes of an `application/x-www-form-urlencoded` body, empty when there is none.
    ///   - query: the raw query of the URL, without the question mark.
    public init(body: some Collection<UInt8>, query: some Collection<UInt8>) throws(Unreadable) {
        pairs = try Self.parse(Array(body))
        bodyCount = pairs.count
        pairs += try Self.parse(Array(query))
    }

    private static func parse(_ text: [UInt8]) throws(Unreadable) -> [(name: String, value: String)] {
        // Where the names, values and pairs end. Looked for on the bytes themselves: assertions make forms long.
        var ends: [(equals: Int?, end: Int)] = []
        var hasSemicolon = false
        text.withUnsafeBufferPointer { bytes in
            var equals: Int?
            for (index, byte) in bytes.enumerated() {
                if byte == UInt8(ascii: "&") {
                    ends.append((equals, index))
                    equals = nil
                } else if byte == UInt8(ascii: "="), equals == nil {
                    equals = index
                } else if byte == UInt8(ascii: ";") {
                    hasSemicolon = true
                }
            }
            ends.append((equals, bytes.count))
        }
        if hasSemicolon { throw Unreadable("a raw ';' separates nothing; write %3B") }
        var pairs: [(name: String, value: String)] = []
        var start = 0
        for (equals, end) in ends {
            if start < end { pairs.append(try pair(text, start, equals ?? end, end)) }
            start = end + 1
        }
        return pairs
    }

    private static func pair(
        _ text: [UInt8], _ start: Int, _ equals: Int, _ end: Int
    ) throws(Unreadable) -> (name: String, value: String) {
        guard let name = PercentEncoding.formDecoded(text[start..<equals]),
            let value = PercentEncoding.formDecoded(text[min(equals + 1, end)..<end])
        else { throw Unreadable("a '%' that two hexadecimal digits do not follow; write %25") }
        return (name, value)
    }

    /// The value that counts for all parameters but `grant_type`: the last one, so that the query wins over the body.
    public func last(_ name: String) -> String? {
        pairs.last { $0.name == name }?.value
    }

    /// The first value, which is what counts for `grant_type`.
    public func first(_ name: String) -> String? {
        pairs.first { $0.name == name }?.value
    }

    /// All values that are not empty, for the real lists `audience` and `resource`.
    public func all(_ name: String) -> [String] {
        pairs.filter { $0.name == name && !$0.value.isEmpty }.map(\.value)
    }

    /// Whether the parameter stands in the query of the URL.
    public func isInQuery(_ name: String) -> Bool {
        pairs[bodyCount...].contains { $0.name == name }
    }
}
