import Encodings
import JOSE
import Model

/// A token that is genuine and alive, whoever may look at it.
enum ActiveToken: Sendable {
    /// An access token that was issued here.
    case session(TokenRecord, User)
    case personal(PersonalAccessToken, User)

    /// The `jti`.
    var id: String {
        switch self {
        case .session(let record, _): record.id
        case .personal(let token, _): token.id
        }
    }

    var user: User {
        switch self {
        case .session(_, let user), .personal(_, let user): user
        }
    }

    var scopes: [String] {
        switch self {
        case .session(let record, _): record.scopes
        case .personal(let token, _): token.scopes
        }
    }
}

/// Recognises tokens: opaque ones by their digest, JWTs by their signature, and both by what is stored under their id.
struct TokenReader {
    let instance: Instance
    let resourceIndex: ResourceIndex
    let issuer: String
    let now: Timestamp

    /// - Throws: `Rejection` that says why the token is inactive, or `StorageError`.
    func read(_ text: String) throws -> ActiveToken {
        let segments =
            text.utf8.withContiguousStorageIfAvailable { bytes in
                bytes.reduce(1) { $0 + ($1 == UInt8(ascii: ".") ? 1 : 0) }
            } ?? 1
        if segments == 3 { return try live(try recordOfJWT(text)) }
        let digest = tokenDigest(text)
        if let token = resourceIndex.personalAccessToken(digest: digest) { return try live(token) }
        guard let record = try instance.storage.token(digest: digest) else {
            guard try instance.storage.refreshToken(digest: digest) == nil else {
                throw Rejection(.notAnAccessToken, "this is a refresh token; send the access token that came with it")
            }
            guard try instance.storage.issuedCode(digest: digest) == nil else {
                throw Rejection(.notAnAccessToken, "this is an authorization code; redeem it at the token endpoint")
            }
            throw unknown(text, segments: segments)
        }
        return try live(record)
    }

    private func unknown(_ text: String, segments: Int) -> Rejection {
        if text.lowercased().hasPrefix("bearer ") {
            return Rejection(.tokenMalformed, "the token begins with \"Bearer \"; send what stands behind it")
        }
        let looksOpaque =
            (segments == 1 || segments == 5) && text.utf8.count >= 40
            && !text.utf8.contains { $0 <= 0x20 || $0 >= 0x7F }
        guard looksOpaque else {
            return Rejection(
                .tokenMalformed,
                "the token (\(text.utf8.count) characters, \(segments) segments) is neither one of ours nor a JWT")
        }
        return Rejection(
            .tokenUnknown,
            "no token of this server: it may be cut or altered, come from another server or another database, or be older than its expiry by a day",
            warnings: cutWarning(text, segments: segments))
    }

    private func cutWarning(_ text: String, segments: Int) -> [Warning] {
        guard instance.behavior.acceptsCutToken, segments == 1, text.utf8.count == 80 else { return [] }
        return [
            Warning(
                "token-cut",
                "ZITADEL \(instance.settings.serverVersion.rawValue) accepts an access token cut to its first 80 characters; \(ServerVersion.of2026July.rawValue) and this server do not"
            )
        ]
    }

    // MARK: JWT

    /// Proves a JWT and finds what is stored under its `jti`. Only `iss`, `exp`, `jti` and `sub` of it count.
    private func recordOfJWT(_ text: String) throws -> TokenRecord {
        let jws: CompactJWS
        do { jws = try CompactJWS(text) } catch {
            throw Rejection(
                .tokenMalformed, "the token has three segments, but its payload is no base64url JSON object")
        }
        let tokenIssuer = jws.claims["iss"]?.string ?? ""
        guard tokenIssuer == issuer else {
            let isAssertion = resourceIndex.client(id: tokenIssuer) != nil || resourceIndex.user(id: tokenIssuer) != nil
            guard !isAssertion else {
                throw Rejection(
                    .notAnAccessToken,
                    "this is the assertion of \(tokenIssuer), not an access token; send what the token endpoint answered to it"
                )
            }
            throw Rejection(
                .tokenIssuer,
                "the JWT's iss is \"\(tokenIssuer.shown)\" and this request came by \"\(issuer)\"; use one name for both, or pin it with instance.issuer or --issuer"
            )
        }
        guard let name = jws.algorithmName, instance.behavior.tokenSigningAlgorithms.contains(name) else {
            throw Rejection(
                .tokenSignature,
                "the JWT's alg is \(jws.algorithmName.map { "\"\($0.shown)\"" } ?? "missing"), which this server does not sign with"
            )
        }
        guard let id = jws.keyID, let key = try instance.keyRing.key(id: id) else {
            throw Rejection(
                .tokenSignature, "the JWT's kid is none of \(issuer)/oauth/v2/keys; it may come from another database")
        }
        guard key.algorithm.rawValue == name, jws.isSigned(by: key.publicKey) else {
            throw Rejection(
                .tokenSignature, "the JWT's signature does not verify with key \(id); header or payload were altered")
        }
        guard case .integer(let expiration)? = jws.claims["exp"], now.milliseconds < expiration * 1000 else {
            throw Rejection(
                .tokenExpired, "the JWT is past its exp (server time \(UTCDateTime(unix: now.seconds).rfc3339))")
        }
        guard let tokenID = jws.claims["jti"]?.string else {
            throw Rejection(.notAnAccessToken, "the JWT has no jti: it is an ID token; send the access token")
        }
        guard let record = try instance.storage.token(digest: tokenDigest(tokenID)),
            record.userID == jws.claims["sub"]?.string
        else {
            throw Rejection(.tokenUnknown, "the JWT is genuine, but the database does not know its jti \(tokenID)")
        }
        return record
    }

    // MARK: Alive?

    private func live(_ record: TokenRecord) throws(Rejection) -> ActiveToken {
        switch record.ended {
        case .revoked: throw Rejection(.tokenRevoked, "the token was revoked at /oauth/v2/revoke")
        case .userInactive:
            throw Rejection(
                .userInactive,
                "the user was deactivated, locked or removed after the token was issued; a new token is needed")
        case .superseded:
            throw Rejection(
                .tokenSuperseded,
                "a refresh gave out a newer access token, and this one ended with it; use the newer one")
        case .sessionTerminated:
            throw Rejection(.sessionTerminated, "the person signed out, or the login session was ended otherwise")
        case nil: break
        }
        guard now.milliseconds < record.expiration * 1000 else {
            throw Rejection(
                .tokenExpired,
                "the token expired \(now.seconds - record.expiration) s ago, on \(UTCDateTime(unix: record.expiration).rfc3339)"
            )
        }
        return .session(record, try activeUser(record.userID))
    }

    private func live(_ token: PersonalAccessToken) throws(Rejection) -> ActiveToken {
        guard now.seconds < token.expiration else {
            throw Rejection(
                .patExpired,
                "personal access token \(token.id) expired on \(UTCDateTime(unix: token.expiration).rfc3339)")
        }
        return .personal(token, try activeUser(token.userID))
    }

    private func activeUser(_ id: String) throws(Rejection) -> User {
        guard let user = resourceIndex.user(id: id) else {
            throw Rejection(.userInactive, "the token's user \(id) does not exist")
        }
        guard user.state == .active else {
            throw Rejection(.userInactive, "the token's user \(user.userName) is \(user.state.rawValue)")
        }
        return user
    }
}
