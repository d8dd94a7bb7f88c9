extension Collection<String> {
    /// The first five texts, and how many more there are; "none" for an empty list.
    public var abridgedList: String {
        guard !isEmpty else { return "none" }
        let shown = 5
        let more = count - shown
        return prefix(shown).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    }
}
