/// Text out of bytes that need not be UTF-8.
extension String {
    /// The text of bytes in which what is not UTF-8 becomes U+FFFD: one for each longest part that begins a character (Unicode 16 section 3.9).
    ///
    /// It is the text that `String(decoding:as:)` makes, which takes as long for a byte that is not UTF-8 as for hundreds of others.
    public init(repairing bytes: UnsafeBufferPointer<UInt8>) {
        // Nearly all text is ASCII, which `String(decoding:as:)` reads at once; validating is generic code that runs unspecialized.
        if bytes.isASCII {
            self = String(decoding: bytes, as: UTF8.self)
            return
        }
        if let valid = String(validating: bytes, as: UTF8.self) {
            self = valid
            return
        }
        self.init(unsafeUninitializedCapacity: Self.repairedSize(bytes)) { target in
            var (index, end) = (0, 0)
            while index < bytes.count {
                let part = UTF8Part(at: index, of: bytes)
                if part.isWhole {
                    for offset in 0..<part.size { target[end + offset] = bytes[index + offset] }
                    end += part.size
                } else {
                    (target[end], target[end + 1], target[end + 2]) = (0xEF, 0xBF, 0xBD)
                    end += 3
                }
                index += part.size
            }
            return end
        }
    }

    /// The same for an array.
    public init(repairing bytes: [UInt8]) { self = bytes.withUnsafeBufferPointer { String(repairing: $0) } }

    /// The same for a part of an array.
    public init(repairing bytes: ArraySlice<UInt8>) { self = bytes.withUnsafeBufferPointer { String(repairing: $0) } }

    /// Bytes of the text of bytes.
    private static func repairedSize(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var (index, size) = (0, 0)
        while index < bytes.count {
            let part = UTF8Part(at: index, of: bytes)
            size += part.isWhole ? part.size : 3
            index += part.size
        }
        return size
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether no byte is over 127. Looks at all bytes, because a loop without an exit takes many at a time.
    @inlinable
    var isASCII: Bool { reduce(0, |) < 0x80 }
}

/// A character in UTF-8, or as much of one as there is.
private struct UTF8Part {
    /// Bytes; at least 1.
    var size = 1
    /// Whether it is a character.
    var isWhole = false

    /// Reads the well-formed byte sequences of table 3-7 of the Unicode Standard.
    init(at index: Int, of bytes: UnsafeBufferPointer<UInt8>) {
        let first = bytes[index]
        guard first >= 0xC2, first <= 0xF4 else {
            isWhole = first < 0x80
            return
        }
        // How many bytes follow, and what the first of them may be.
        let (following, second): (Int, ClosedRange<UInt8>)
        switch first {
        case 0xC2...0xDF: (following, second) = (1, 0x80...0xBF)
        case 0xE0: (following, second) = (2, 0xA0...0xBF)
        case 0xED: (following, second) = (2, 0x80...0x9F)
        case 0xE1...0xEF: (following, second) = (2, 0x80...0xBF)
        case 0xF0: (following, second) = (3, 0x90...0xBF)
        case 0xF1...0xF3: (following, second) = (3, 0x80...0xBF)
        default: (following, second) = (3, 0x80...0x8F)
        }
        guard index + 1 < bytes.count, second.contains(bytes[index + 1]) else { return }
        size = 2
        while size <= following, index + size < bytes.count, bytes[index + size] & 0xC0 == 0x80 { size += 1 }
        isWhole = size == following + 1
    }
}
