import Encodings

/// The internal cause of a rejection, which a running ZITADEL returns in the member `parent` while the feature `debugOidcParentError` is on.
public enum Cause: Sendable {
    /// A query found no row.
    case noRow
    case noConfiguredSecret
    case wrongSecret
    case subjectDiffers
    case unsupportedAlgorithm
    /// `aud` does not hold the issuer.
    case audience(issuer: String)
    case issuedAtMissing
    /// `iat` is after the latest time that is tolerated. Unix seconds.
    case issuedInFuture(Int64, latest: Int64)
    /// `iat` is before the earliest time that is allowed. Unix seconds.
    case issuedTooLongAgo(Int64, earliest: Int64)
    case expired
    /// No key of the owner has the `kid`, or it has expired.
    case noKey
    case badSignature
    /// The server itself failed.
    case failure(String)

    /// The words of ZITADEL and its libraries.
    public var text: String {
        switch self {
        case .noRow: "sql: no rows in result set"
        case .noConfiguredSecret: "client has no configured secret"
        case .wrongSecret: "passwap: password does not match hash"
        case .subjectDiffers: "delegation not allowed, issuer and sub must be identical"
        case .unsupportedAlgorithm: "signature algorithm not supported"
        case .audience(let issuer): "audience is not valid: Audience must contain client_id \"\(issuer)\""
        case .issuedAtMissing: "issuedAt of token is missing"
        case .issuedInFuture(let issuedAt, let latest):
            "issuedAt of token is in the future: (iat: \(Self.time(issuedAt)), now with offset: \(Self.time(latest)))"
        case .issuedTooLongAgo(let issuedAt, let earliest):
            "issuedAt of token is to old: must not be older than \(Self.time(earliest)), but was \(Self.time(issuedAt)) (\(earliest.saturatingSubtracting(issuedAt))s to old)"
        case .expired: "token has expired"
        case .noKey: "invalid signature (cannot decode, empty data)"
        case .badSignature: "invalid signature (go-jose/go-jose: error in cryptographic primitive)"
        case .failure(let text): text
        }
    }

    private static func time(_ seconds: Int64) -> String { UTCDateTime.rfc3339(unix: seconds) }
}
