/// Patterns as Go's `path.Match` has them: `*` for anything but a slash, `?` for one character but a slash, `[a-z]`, and `\` before a character that stands
/// for itself. A malformed pattern matches nothing.
struct Glob {
    private let pattern: [Character]

    init(_ pattern: String) {
        self.pattern = Array(pattern)
    }

    func matches(_ text: String) -> Bool { matches(pattern[...], Array(text)[...]) }

    private func matches(_ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        let rest = pattern.dropFirst()
        switch first {
        case "*":
            // A run of stars is one star; without this, each of them would try every position.
            guard rest.first != "*" else { return matches(rest, text) }
            var tail = text
            while true {
                if matches(rest, tail) { return true }
                guard let next = tail.first, next != "/" else { return false }
                tail = tail.dropFirst()
            }
        case "?": return text.first.map { $0 != "/" } ?? false && matches(rest, text.dropFirst())
        case "[":
            guard let character = text.first, character != "/", let (isMember, after) = classMatch(rest, character)
            else { return false }
            return isMember && matches(after, text.dropFirst())
        case "\\":
            guard let literal = rest.first else { return false }
            return text.first == literal && matches(rest.dropFirst(), text.dropFirst())
        default: return text.first == first && matches(rest, text.dropFirst())
        }
    }

    /// Whether the character is of the class that the pattern is in; nil when the class is malformed.
    private func classMatch(
        _ pattern: ArraySlice<Character>, _ character: Character
    ) -> (isMember: Bool, rest: ArraySlice<Character>)? {
        var rest = pattern
        let isNegated = rest.first == "^"
        if isNegated { rest = rest.dropFirst() }
        var isMember = false
        var isEmpty = true
        func literal() -> Character? {
            guard var next = rest.popFirst(), next != "-", next != "]" || !isEmpty else { return nil }
            if next == "\\" {
                guard let escaped = rest.popFirst() else { return nil }
                next = escaped
            }
            return next
        }
        while rest.first != "]" || isEmpty {
            guard let low = literal() else { return nil }
            var high = low
            if rest.first == "-" {
                rest = rest.dropFirst()
                guard let end = literal() else { return nil }
                high = end
            }
            isEmpty = false
            if low <= character, character <= high { isMember = true }
        }
        return (isMember != isNegated, rest.dropFirst())
    }
}
