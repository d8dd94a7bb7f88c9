/// Which text is accepted from outside.
///
/// Swift compares strings by canonical equivalence and cuts them into grapheme clusters. Both are quadratic in the length of a run of combining characters: a
/// parameter of a megabyte of them would occupy a processor for hours wherever it is compared. So such runs are refused where text enters, as Unicode's
/// Stream-Safe Text Format does (UAX #15 section 13, which allows 30). No language comes near the bound.
public enum StreamSafeText {
    /// Combining characters in a row.
    public static let limit = 64

    /// Why a text is refused, for messages.
    public static let problem = "more than \(limit) combining characters in a row"

    /// The same for a part of an array.
    public static func isSafe(_ bytes: ArraySlice<UInt8>) -> Bool { bytes.withUnsafeBufferPointer(isSafe) }

    /// Whether the bytes, read as UTF-8, have no longer run.
    public static func isSafe(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        // The first combining character is U+0300, which begins with the byte 0xCC.
        guard !bytes.isASCII, let first = bytes.firstIndex(where: { $0 >= 0xCC }) else { return true }
        var run = 0
        var index = first
        while index < bytes.count {
            guard bytes[index] >= 0xCC else {
                // A byte that does not continue a scalar ends the run.
                run = 0
                index += 1
                continue
            }
            let (scalar, length) = scalar(bytes, index)
            run = isCombining(scalar) ? run + 1 : 0
            guard run <= limit else { return false }
            index += length
        }
        return true
    }

    /// The scalar of two to four bytes that begins at an index; U+FFFD where the bytes are not UTF-8.
    private static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> (Unicode.Scalar, length: Int) {
        let byte = bytes[index]
        let length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
        guard index + length <= bytes.count else { return ("\u{FFFD}", 1) }
        var value = UInt32(byte & (0xFF >> (length + 1)))
        for offset in 1..<length {
            let next = bytes[index + offset]
            guard next & 0xC0 == 0x80 else { return ("\u{FFFD}", 1) }
            value = value << 6 | UInt32(next & 0x3F)
        }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
    }

    /// Whether a scalar joins what precedes it: combining marks, joiners, and the letters of flags.
    private static func isCombining(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // Greek, Cyrillic and Armenian letters, ideographs, syllables of Hangul, and what bytes that are not UTF-8 are read as.
        case 0x370...0x482, 0x48A...0x590, 0x3400...0x9FFF, 0xAC00...0xD7A3, 0xFFFD: false
        case 0x300...0x36F, 0x200D, 0x1F1E6...0x1F1FF, 0x1F3FB...0x1F3FF: true
        case ...0xFFFF: combining[Int(scalar.value)]
        default: hasCombiningProperty(scalar)
        }
    }

    private static func hasCombiningProperty(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.canonicalCombiningClass != .notReordered || scalar.properties.isGraphemeExtend
    }

    /// The property of all scalars of two and three bytes: to look it up costs more than all else that is done with a text.
    private static let combining = (0...0xFFFF).map { Unicode.Scalar(UInt32($0)).map(hasCombiningProperty) ?? false }
}
