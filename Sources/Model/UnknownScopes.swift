/// What happens to scopes that ZITADEL does not know.
public enum UnknownScopes: String, Sendable, CaseIterable {
    case drop, keep
}
