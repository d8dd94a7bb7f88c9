/// Where a resource comes from, which decides what the next load of a seed does to it.
public enum ResourceOrigin: String, Sendable, CaseIterable {
    /// A seed, which removes it again when it names it no longer.
    case seed
    /// A call while the server ran. It stays.
    case api
    /// The server itself: its own signing keys.
    case made
}
