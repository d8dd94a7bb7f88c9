extension String {
    /// The text as sentences show it: what a caller sent may be a megabyte, and a detail stands in one header line.
    var shown: String { utf8.count > 80 && count > 80 ? String(prefix(80)) + "…" : self }
}

extension Sequence<String> {
    /// The first few texts, quoted.
    var shownList: String {
        let all = Array(self)
        let first = all.prefix(5).map { "\"\($0.shown)\"" }.joined(separator: ", ")
        return all.count > 5 ? "\(first) and \(all.count - 5) more" : first
    }
}
