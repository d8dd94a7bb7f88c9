import Encodings
import Testing

@Suite struct PiecesTests {
    @Test("pieces are those that split gives, empty ones too", arguments: ["", ",", "a", "a,b", ",a,,b,", "ä,b"])
    func pieces(text: String) {
        let expected = text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        #expect(text.utf8.pieces(separatedBy: UInt8(ascii: ",")).map { Array($0) } == expected.map { Array($0) })
    }
}
