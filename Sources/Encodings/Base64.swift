/// Base64 in its two alphabets (RFC 4648 sections 4 and 5).
public enum Base64 {
    private static let standard = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let urlSafe = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    private static let standardValues = values(of: standard)
    private static let urlSafeValues = values(of: urlSafe)

    private static func values(of alphabet: [UInt8]) -> [UInt8] {
        var table = [UInt8](repeating: 0xFF, count: 256)
        for (value, character) in alphabet.enumerated() { table[Int(character)] = UInt8(value) }
        return table
    }

    /// base64url without padding, as JOSE wants it (RFC 7515 section 2).
    public static func urlEncoded(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: encode(Array(bytes), urlSafe), as: UTF8.self)
    }

    /// Standard base64 with padding.
    public static func encoded(_ bytes: some Collection<UInt8>) -> String {
        var text = encode(Array(bytes), standard)
        while text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of unpadded base64url; nil for padding, characters of another alphabet or an impossible length.
    public static func urlDecoded(_ text: some Collection<UInt8>) -> [UInt8]? {
        decode(Array(text), urlSafeValues)
    }

    /// The same for a part of an array, such as a segment of a token.
    public static func urlDecoded(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        decode(Array(text), urlSafeValues)
    }

    /// The bytes of padded standard base64; nil when it is not.
    public static func decoded(_ text: some BidirectionalCollection<UInt8>) -> [UInt8]? {
        decoded(Array(text)[...])
    }

    /// The same for a part of an array, such as what follows the scheme in a header.
    public static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        let padding = text.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
        return decode(Array(text.dropLast(padding)), standardValues)
    }

    // On arrays, because generic code of another module runs unspecialised, and these are on the way of every request.

    private static func encode(_ bytes: [UInt8], _ alphabet: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count * 4 / 3 + 4)
        var buffer: UInt32 = 0
        var bits = 0
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                out.append(alphabet[Int(buffer >> UInt32(bits)) & 63])
            }
        }
        if bits > 0 { out.append(alphabet[Int(buffer << UInt32(6 - bits)) & 63]) }
        return out
    }

    private static func decode(_ text: [UInt8], _ table: [UInt8]) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var isGood = true
        let out = [UInt8](unsafeUninitializedCapacity: text.count * 3 / 4) { out, count in
            var buffer: UInt32 = 0
            var bits = 0
            table.withUnsafeBufferPointer { table in
                for character in text {
                    let value = table[Int(character)]
                    guard value != 0xFF else { return isGood = false }
                    buffer = buffer << 6 | UInt32(value)
                    bits += 6
                    if bits >= 8 {
                        bits -= 8
                        out[count] = UInt8(truncatingIfNeeded: buffer >> UInt32(bits))
                        count += 1
                    }
                }
            }
        }
        return isGood ? out : nil
    }
}

/// Lower-case hexadecimal.
public func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
