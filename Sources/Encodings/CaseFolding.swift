extension String {
    /// The text with all letters of ASCII in lower case, and with the two letters beyond ASCII that Go's `EqualFold` takes for ASCII ones: names that differ in
    /// nothing else are the same to its decoders of JSON and of forms.
    public var caseFolded: String {
        guard containsByte(where: { $0 >= 0x80 || (0x41...0x5A).contains($0) }) else { return self }
        var text = self
        let bytes = text.withUTF8 { source -> [UInt8] in
            var bytes: [UInt8] = []
            bytes.reserveCapacity(source.count)
            for byte in source {
                bytes.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
                // U+212A KELVIN SIGN and U+017F LATIN SMALL LETTER LONG S, as soon as their last byte is there.
                let count = bytes.count
                if byte == 0xAA, count >= 3, bytes[count - 2] == 0x84, bytes[count - 3] == 0xE2 {
                    bytes.removeLast(3)
                    bytes.append(UInt8(ascii: "k"))
                } else if byte == 0xBF, count >= 2, bytes[count - 2] == 0xC5 {
                    bytes.removeLast(2)
                    bytes.append(UInt8(ascii: "s"))
                }
            }
            return bytes
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
