import Encodings

/// What the lines of a `Forwarded` header (RFC 7239) say of the request as the first proxy got it: the first `host` and the first `proto` of all elements.
///
/// Read as strictly as ZITADEL reads them: one malformed pair, such as a host with a port outside of quotes, and nothing of the header counts.
struct ForwardedElement: Equatable {
    var host: String?
    var proto: String?
    /// Whether there was something that cannot be read.
    var isMalformed = false

    init() {}

    /// - Parameter lines: the values of all headers of the name, in their order.
    init(_ lines: [String]) {
        var found = ForwardedElement()
        for line in lines {
            var rest = Array(line.utf8)[...]
            while true {
                rest = Self.withoutSpaces(rest)
                if rest.isEmpty { break }
                guard let (name, value) = Self.takePair(&rest) else {
                    // A semicolon at the end is not an error, but it ends the reading.
                    if Self.trimmed(rest).elementsEqual(";".utf8) { self = found } else { isMalformed = true }
                    return
                }
                if found.host == nil, Self.isName(name, "host") { found.host = String(decoding: value, as: UTF8.self) }
                if found.proto == nil, Self.isName(name, "proto") {
                    found.proto = String(decoding: value, as: UTF8.self)
                }
            }
        }
        self = found
    }

    private static func takePair(
        _ rest: inout ArraySlice<UInt8>
    ) -> (name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)? {
        var text = rest
        if text.first == UInt8(ascii: ";") || text.first == UInt8(ascii: ",") { text = withoutSpaces(text.dropFirst()) }
        let name = text.prefix(while: FieldSyntax.isMIMETokenByte)
        text = withoutSpaces(text.dropFirst(name.count))
        guard !name.isEmpty, text.first == UInt8(ascii: "=") else { return nil }
        text = withoutSpaces(text.dropFirst())
        guard let value = FieldSyntax.takeValue(&text) else { return nil }
        rest = text
        return (name, value[...])
    }

    /// Whether a name, in any letter case, is this one, which is given in lower case.
    private static func isName(_ name: ArraySlice<UInt8>, _ wanted: StaticString) -> Bool {
        wanted.withUTF8Buffer { name.count == $0.count && zip(name, $0).allSatisfy { $0 | 0x20 == $1 } }
    }

    private static func withoutSpaces(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> { text.drop(while: isBlank) }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let start = withoutSpaces(text)
        return start.lastIndex { !isBlank($0) }.map { start[...$0] } ?? []
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
