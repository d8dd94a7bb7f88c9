public import Model

extension User {
    /// The name that pages show.
    public var displayName: String {
        if case .human(let human) = kind, !human.displayName.isEmpty { human.displayName } else { userName }
    }
}
