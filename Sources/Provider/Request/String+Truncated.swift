import Encodings

extension String {
    /// The text as messages contain it: what a caller sent may be a megabyte, and a detail has to fit into a header field.
    ///
    /// Cut after 80 Unicode scalars, not after 80 characters, of which each may have any number of combining marks.
    var truncated: String {
        let scalars = unicodeScalars
        guard utf8.count > 80,
            let end = scalars.index(scalars.startIndex, offsetBy: 80, limitedBy: scalars.endIndex),
            end < scalars.endIndex
        else { return self }
        return String(scalars[..<end]) + "…"
    }
}

extension Sequence<String> {
    /// The first five texts, truncated and quoted; "none" for an empty list.
    var quotedList: String {
        Array(self).lazy.map { "\"\($0.truncated)\"" }.abridgedList
    }
}

/// "1 segment", "2 segments".
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
