import Encodings
import Testing

/// Bytes that are not UTF-8 become U+FFFD, as the standard library has it.
@Suite struct RepairingTests {
    /// Bytes at the bounds of all that may begin or continue a character.
    private static let bounds: [UInt8] = [
        0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF,
        0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
    ]

    private static func isSame(_ bytes: [UInt8]) -> Bool {
        String(repairing: bytes).utf8.elementsEqual(String(decoding: bytes, as: UTF8.self).utf8)
    }

    @Test("texts of up to three bytes are repaired as the standard library repairs them", arguments: bounds)
    func short(first: UInt8) {
        #expect(Self.isSame([]))
        #expect(Self.isSame([first]))
        for second in Self.bounds {
            #expect(Self.isSame([first, second]))
            #expect(Self.bounds.allSatisfy { Self.isSame([first, second, $0]) }, "\(first) \(second)")
        }
    }

    @Test(
        "truncated characters of four bytes are repaired as the standard library repairs them",
        arguments: [0xF0, 0xF1, 0xF3, 0xF4, 0xF5] as [UInt8])
    func long(first: UInt8) {
        for second in Self.bounds {
            for third in [0x41, 0x80, 0xBF, 0xC0] as [UInt8] {
                let isSame = Self.bounds.allSatisfy {
                    Self.isSame([first, second, third, $0]) && Self.isSame([0x41, first, second, third, $0, 0x41])
                }
                #expect(isSame, "\(first) \(second) \(third)")
            }
        }
    }

    @Test("a slice of an array is read without the bytes around it") func slice() {
        let bytes: [UInt8] = [0xC3, 0xA9, 0xFF, 0xC3, 0xA9]
        #expect(String(repairing: bytes[1...2]) == "\u{FFFD}\u{FFFD}")
        #expect(String(repairing: bytes[2...]) == "\u{FFFD}\u{E9}")
        #expect(String(repairing: bytes[..<2]) == "\u{E9}")
    }
}
