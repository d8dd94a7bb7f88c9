/// Finds what somebody probably meant.
public enum Similarity {
    /// Candidates that are compared at most; further ones are ignored.
    private static let limit = 1000
    /// Bytes of a text that count.
    private static let longest = 64

    /// The candidate that is nearest to the text, ignoring letter case; nil when none is within three edits and a third of its length.
    public static func nearest(to text: String, in candidates: some Sequence<String>) -> String? {
        let wanted = folded(text)
        var best: (candidate: String, distance: Int)?
        for candidate in candidates.prefix(limit) {
            let length = min(candidate.utf8.count, longest)
            let most = min(3, length / 3, (best?.distance ?? .max) - 1)
            // Folding leaves the length of ASCII as it is, and changes that of a few other letters by a byte each.
            guard most >= 0, abs(length - wanted.count) <= most + (candidate.utf8.allSatisfy { $0 < 128 } ? 0 : longest)
            else { continue }
            if let distance = editDistance(wanted, folded(candidate), atMost: most) { best = (candidate, distance) }
        }
        return best?.candidate
    }

    private static func folded(_ text: String) -> [UInt8] {
        Array(String(String.UnicodeScalarView(text.unicodeScalars.prefix(longest))).lowercased().utf8.prefix(longest))
    }

    /// The number of edits between two texts, where swapped neighbors count as one (optimal string alignment); nil when there are more than `most`.
    ///
    /// Only the cells near the diagonal are computed: farther from it there are more edits than wanted.
    private static func editDistance(_ left: [UInt8], _ right: [UInt8], atMost most: Int) -> Int? {
        guard abs(left.count - right.count) <= most else { return nil }
        let tooMany = most + 1
        var beforeLast = [Int](repeating: tooMany, count: right.count + 1)
        var last = (0...right.count).map { min($0, tooMany) }
        var row = beforeLast
        for i in left.indices {
            let columns = max(0, i - most)..<min(right.count, i + most + 1)
            row[columns.lowerBound] = columns.lowerBound == 0 ? min(i + 1, tooMany) : tooMany
            for j in columns {
                let above = j < i + most ? last[j + 1] : tooMany
                var distance = min(above + 1, row[j] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    distance = min(distance, beforeLast[j - 1] + 1)
                }
                row[j + 1] = min(distance, tooMany)
            }
            (beforeLast, last, row) = (last, row, beforeLast)
        }
        return last[right.count] <= most ? last[right.count] : nil
    }
}
