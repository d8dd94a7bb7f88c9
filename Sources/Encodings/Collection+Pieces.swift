extension Collection where Element: Equatable {
    /// The pieces between separators, empty ones too, one at a time: a list of them takes sixty times the memory of a text that is nothing but separators.
    public func pieces(separatedBy separator: Element) -> some Sequence<SubSequence> {
        sequence(state: self[...] as SubSequence?) { rest -> SubSequence? in
            guard let text = rest else { return nil }
            guard let end = text.firstIndex(of: separator) else {
                rest = nil
                return text
            }
            rest = text[text.index(after: end)...]
            return text[..<end]
        }
    }
}
