/// Patterns of redirect URIs in development mode, as the Go package doublestar has them: `*` for anything but a slash, `**` between slashes for any
/// number of segments, `?` for one character but a slash, `[a-z]`, `{one,other}`, and `\` before a character that is meant literally.
/// A malformed pattern matches nothing.
///
/// Takes time in proportion to the product of both lengths; texts over `longest` scalars match nothing.
struct Glob {
    /// Scalars of a text that is looked at.
    static let longest = 8192
    /// Patterns that the alternatives of one pattern may come to.
    private static let alternativesLimit = 256

    private let alternatives: [[UnicodeScalar]]

    init(_ pattern: String) {
        alternatives = BraceExpansion.expand(Array(pattern.unicodeScalars), limit: Self.alternativesLimit) ?? []
    }

    func matches(_ text: String) -> Bool {
        let scalars = Array(text.unicodeScalars.prefix(Self.longest + 1))
        guard scalars.count <= Self.longest else { return false }
        return alternatives.contains { pattern in
            var matching = Matching(pattern: pattern, text: scalars)
            return matching.run()
        }
    }
}

/// One comparison of a text with a pattern without alternatives. It goes back to the latest star only, and to the latest double star when that fails,
/// because an earlier one could not do better.
private struct Matching {
    private struct Resumption {
        let pattern: Int
        var text: Int
    }

    let pattern: [UnicodeScalar]
    let text: [UnicodeScalar]
    private var patternIndex = 0
    private var textIndex = 0
    private var isAtSegmentStart = true
    private var star: Resumption?
    private var doubleStar: Resumption?

    init(pattern: [UnicodeScalar], text: [UnicodeScalar]) {
        self.pattern = pattern
        self.text = text
    }

    mutating func run() -> Bool {
        while textIndex < text.count {
            switch advance() {
            case .matched: return true
            case .malformed: return false
            case .advanced: continue
            case .failed: guard resume() else { return false }
            }
        }
        let rest = String(String.UnicodeScalarView(pattern[min(patternIndex, pattern.count)...]))
        return ["", "*", "**", "/**"].contains(rest)
    }

    private enum Outcome {
        case advanced, failed, malformed
        /// All that is left fits.
        case matched
    }

    private mutating func advance() -> Outcome {
        guard patternIndex < pattern.count else { return .failed }
        switch pattern[patternIndex] {
        case "*": return takeStar()
        case "?":
            isAtSegmentStart = false
            guard text[textIndex] != "/" else { return .failed }
            patternIndex += 1
            textIndex += 1
            return .advanced
        case "[":
            isAtSegmentStart = false
            return takeClass()
        case "\\":
            guard patternIndex + 1 < pattern.count else { return .malformed }
            return takeLiteral(pattern[patternIndex + 1], length: 2)
        default: return takeLiteral(pattern[patternIndex], length: 1)
        }
    }

    private mutating func takeLiteral(_ literal: UnicodeScalar, length: Int) -> Outcome {
        guard literal == text[textIndex] else { return .failed }
        patternIndex += length
        textIndex += 1
        isAtSegmentStart = literal == "/"
        return .advanced
    }

    private mutating func takeStar() -> Outcome {
        patternIndex += 1
        if patternIndex < pattern.count, pattern[patternIndex] == "*" {
            patternIndex += 1
            // Two stars that are not a whole segment are one.
            if isAtSegmentStart {
                if patternIndex == pattern.count { return .matched }
                if pattern[patternIndex] == "/" {
                    patternIndex += 1
                    doubleStar = Resumption(pattern: patternIndex, text: textIndex)
                    star = nil
                    return .advanced
                }
            }
        }
        isAtSegmentStart = false
        star = Resumption(pattern: patternIndex, text: textIndex)
        return .advanced
    }

    /// Lets a star take one character more, or a double star one segment more.
    private mutating func resume() -> Bool {
        if var star, text[star.text] != "/" {
            star.text += 1
            self.star = star
            (patternIndex, textIndex, isAtSegmentStart) = (star.pattern, star.text, false)
            return true
        }
        guard var doubleStar, let slash = text[doubleStar.text...].firstIndex(of: "/") else { return false }
        doubleStar.text = slash + 1
        self.doubleStar = doubleStar
        star = nil
        (patternIndex, textIndex, isAtSegmentStart) = (doubleStar.pattern, doubleStar.text, true)
        return true
    }

    /// `[a-z]`, `[^a-z]` or `[!a-z]`.
    private mutating func takeClass() -> Outcome {
        var index = patternIndex + 1
        let isNegated = index < pattern.count && (pattern[index] == "!" || pattern[index] == "^")
        if isNegated { index += 1 }
        guard index < pattern.count, pattern[index] != "]" else { return .malformed }
        func next() -> UnicodeScalar? {
            if index < pattern.count, pattern[index] == "\\" { index += 1 }
            guard index < pattern.count else { return nil }
            defer { index += 1 }
            return pattern[index]
        }
        var isMember = false
        while index < pattern.count, pattern[index] != "]" {
            guard let low = next() else { return .malformed }
            var high = low
            if index + 1 < pattern.count, pattern[index] == "-", pattern[index + 1] != "]" {
                index += 1
                guard let end = next() else { return .malformed }
                high = end
            }
            if low <= text[textIndex], text[textIndex] <= high { isMember = true }
        }
        guard index < pattern.count else { return .malformed }
        guard isMember != isNegated else { return .failed }
        patternIndex = index + 1
        textIndex += 1
        return .advanced
    }
}

/// `{one,other}` as several patterns.
private enum BraceExpansion {
    /// - Returns: nil for a brace that is not closed, and for more patterns than the limit.
    static func expand(_ pattern: [UnicodeScalar], limit: Int) -> [[UnicodeScalar]]? {
        var done: [[UnicodeScalar]] = []
        var pending = [pattern]
        while let next = pending.popLast() {
            guard done.count + pending.count < limit else { return nil }
            guard let open = firstUnescaped("{", in: next, from: 0) else {
                done.append(next)
                continue
            }
            guard let (parts, end) = alternatives(next, after: open) else { return nil }
            pending += parts.map { next[..<open] + $0 + next[end...] }.map { Array($0) }
        }
        return done
    }

    /// The alternatives after an opening brace, and where the pattern continues.
    private static func alternatives(
        _ pattern: [UnicodeScalar], after open: Int
    ) -> (parts: [ArraySlice<UnicodeScalar>], end: Int)? {
        var parts: [ArraySlice<UnicodeScalar>] = []
        var start = open + 1
        var depth = 1
        var index = start
        while index < pattern.count {
            switch pattern[index] {
            case "\\": index += 1
            case "{": depth += 1
            case "}":
                depth -= 1
                if depth == 0 { return (parts + [pattern[start..<index]], index + 1) }
            case "," where depth == 1:
                parts.append(pattern[start..<index])
                start = index + 1
            default: break
            }
            index += 1
        }
        return nil
    }

    private static func firstUnescaped(_ scalar: UnicodeScalar, in pattern: [UnicodeScalar], from start: Int) -> Int? {
        var index = start
        while index < pattern.count {
            if pattern[index] == scalar { return index }
            index += pattern[index] == "\\" ? 2 : 1
        }
        return nil
    }
}
