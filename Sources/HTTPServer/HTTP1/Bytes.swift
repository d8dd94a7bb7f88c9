import Encodings
import HTTP
import Glibc

/// Reading the bytes of HTTP/1 messages.
enum Bytes {
    typealias Lines = Slice<UnsafeBufferPointer<UInt8>>

    /// Takes the next line, without its CR LF or LF; nil at the end.
    static func takeLine(_ rest: inout Lines) -> Lines? {
        guard !rest.isEmpty else { return nil }
        let end = firstLineFeed(in: rest) ?? rest.endIndex
        let line = rest[rest.startIndex..<end]
        rest = rest[min(end + 1, rest.endIndex)...]
        return line.last == 13 ? line.dropLast() : line
    }

    /// Where the first line feed is.
    static func firstLineFeed(in bytes: Lines) -> Int? {
        let rebased = UnsafeBufferPointer(rebasing: bytes)
        guard let base = rebased.baseAddress, let found = memchr(base, 10, rebased.count) else { return nil }
        return bytes.startIndex + (UnsafeRawPointer(found) - UnsafeRawPointer(base))
    }

    static func text(_ bytes: Lines) -> String { String(repairing: UnsafeBufferPointer(rebasing: bytes)) }

    /// Without spaces and tabs at both ends.
    static func trimmed(_ bytes: Lines) -> Lines {
        var (start, end) = (bytes.startIndex, bytes.endIndex)
        while start < end, isBlank(bytes[start]) { start += 1 }
        while end > start, isBlank(bytes[end - 1]) { end -= 1 }
        return bytes[start..<end]
    }

    static func lowercased(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte + 32 : byte }

    static func lowercased(_ bytes: Lines) -> String {
        String(unsafeUninitializedCapacity: bytes.count) { target in
            for (index, byte) in bytes.enumerated() { target[index] = lowercased(byte) }
            return bytes.count
        }
    }

    /// Whether a text is a token in any case of ASCII letters. Folding as Unicode does would take U+212A for the letter k.
    static func equalsIgnoringCase(_ text: some Sequence<UInt8>, _ token: StaticString) -> Bool {
        token.withUTF8Buffer { text.lazy.map(lowercased).elementsEqual($0) }
    }

    /// The members of a list (RFC 9110 section 5.6.1), without white space.
    static func list(_ text: String) -> [Substring.UTF8View] {
        text[...].utf8.split { $0 == UInt8(ascii: ",") || isBlank($0) }
    }

    /// A number written in decimal digits alone; nil for anything else, and for what does not fit.
    static func decimal(_ text: String) -> Int? {
        text.utf8.allSatisfy { $0 >= 48 && $0 <= 57 } ? Int(text) : nil
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }

    /// What Go's net/http takes in a Host field: the characters of RFC 3986 section 3.2.2, and the colon before the port.
    static func isHost(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        case 33, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 58, 59, 61, 91, 93, 95, 126: true
        default: false
        }
    }

    /// The value of a hexadecimal digit.
    static func hexadecimal(_ byte: UInt8) -> UInt64? {
        switch byte {
        case 48...57: UInt64(byte - 48)
        case 65...70: UInt64(byte - 55)
        case 97...102: UInt64(byte - 87)
        default: nil
        }
    }
}

extension [UInt8] {
    /// As `withUnsafeBufferPointer`, which throws any error with the standard library of Swift 6.0.
    func withBytes<Value>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(HTTPRejection) -> Value
    ) throws(HTTPRejection) -> Value {
        let result = withUnsafeBufferPointer { bytes -> Result<Value, HTTPRejection> in
            do throws(HTTPRejection) { return .success(try body(bytes)) } catch { return .failure(error) }
        }
        return try result.get()
    }
}
