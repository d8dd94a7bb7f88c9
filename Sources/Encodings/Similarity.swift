/// Finds what somebody probably meant.
public enum Similarity {
    /// Candidates that are compared at most; further ones are ignored.
    private static let limit = 2000

    /// The candidate that is nearest to the text, ignoring letter case; nil when none is within three edits and a third of its length.
    public static func nearest(to text: String, in candidates: some Sequence<String>) -> String? {
        let wanted = Array(text.lowercased().utf8.prefix(64))
        var best: (candidate: String, distance: Int)?
        for candidate in candidates.prefix(limit) {
            let bytes = Array(candidate.lowercased().utf8.prefix(64))
            let limit = min(3, bytes.count / 3)
            guard abs(bytes.count - wanted.count) <= limit else { continue }
            let distance = editDistance(wanted, bytes)
            if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.candidate
    }

    /// Levenshtein's distance.
    private static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count]
    }
}
