/// How rejections look.
public enum Dialect: String, Sendable, CaseIterable {
    /// as ZITADEL's documentation and the RFCs promise
    case documented
    /// as ZITADEL's server answers, quirks included
    case server
}
