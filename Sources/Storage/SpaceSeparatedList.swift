/// Lists of words (scopes, ids, amr values) in one column: separated by spaces, which is cheaper to read than JSON on the way of every request.
///
/// The character U+001F is a mark: alone it is an empty word, before `s` a space within a word, before `u` itself. Before anything else it means
/// nothing and stays, so that what older versions wrote, which had no marks within words, is read as it was.
func joined(_ words: [String]) -> String {
    var bytes: [UInt8] = []
    for (number, word) in words.enumerated() {
        if number > 0 { bytes.append(space) }
        if word.isEmpty { bytes.append(mark) }
        for byte in word.utf8 {
            switch byte {
            case space: bytes += [mark, markedSpace]
            case mark: bytes += [mark, markedMark]
            default: bytes.append(byte)
            }
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}

/// The list that a text of `joined` represents.
func separated(_ text: String) -> [String] {
    text.utf8.split(separator: space).map { word in
        word.contains(mark) ? unmarked(word) : String(Substring(word))
    }
}

private func unmarked(_ word: Substring.UTF8View) -> String {
    guard word.count > 1 else { return "" }
    var bytes: [UInt8] = []
    var rest = word[...]
    while let byte = rest.popFirst() {
        switch (byte, rest.first) {
        case (mark, markedSpace?): bytes.append(space)
        case (mark, markedMark?): bytes.append(mark)
        default:
            bytes.append(byte)
            continue
        }
        rest.removeFirst()
    }
    return String(decoding: bytes, as: UTF8.self)
}

private let space = UInt8(ascii: " ")
private let mark: UInt8 = 0x1F
private let markedSpace = UInt8(ascii: "s")
private let markedMark = UInt8(ascii: "u")
