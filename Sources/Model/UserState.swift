/// The state of a user. Only an active one gets tokens.
public enum UserState: String, Sendable, CaseIterable {
    case active, inactive, locked, initial, deleted
}
