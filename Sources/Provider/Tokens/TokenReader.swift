import Crypto
import Encodings
import JOSE
import Model
import OAuth
import Storage

/// Recognizes tokens: opaque ones by their digest, JWTs by their signature, and both by what is stored under their id.
struct TokenReader {
    let context: RequestContext

    init(_ context: RequestContext) {
        self.context = context
    }

    private var resourceIndex: ResourceIndex { context.resourceIndex }
    private var issuer: String { context.issuer }
    private var now: Timestamp { context.now }
    private var trace: Trace { context.trace }

    /// - Throws: `Rejection` that says why the token is inactive, or `StorageError`.
    func read(_ text: String) throws -> ActiveToken {
        let segments =
            text.utf8.withContiguousStorageIfAvailable { bytes in
                bytes.reduce(1) { $0 + ($1 == UInt8(ascii: ".") ? 1 : 0) }
            } ?? 1
        if segments == 3 { return try active(try recordOfJWT(text)) }
        let digest = tokenDigest(context.snapshot.opaqueTokenFormat.canonical(text))
        if let token = resourceIndex.personalAccessToken(digest: digest) { return try active(token) }
        guard let record = try context.storage.token(digest: digest) else {
            try checkRemovedToken(digest)
            if let refresh = try context.storage.refreshToken(digest: digest) {
                context.note(userID: refresh.accessToken.userID)
                throw Rejection(.notAnAccessToken, "this is a refresh token; send the access token that came with it")
            }
            if let code = try context.storage.issuedCode(digest: digest) {
                context.note(userID: code.authentication.userID)
                throw Rejection(.notAnAccessToken, "this is an authorization code; redeem it at the token endpoint")
            }
            throw try rejectionOfUnknown(text, segments: segments)
        }
        return try active(record)
    }

    /// - Throws: `Rejection` when it is a token of a user who was removed with the organization.
    private func checkRemovedToken(_ digest: [UInt8]) throws {
        guard try context.storage.removedToken(digest: digest) == .accessToken else { return }
        let rejection = Rejection(
            .userInactive, "the token's user was removed together with the organization",
            variant: .organizationRemoved)
        try trace.require(
            .tokenUser, false, expected: "a user", found: "one who was removed with the organization", or: rejection)
        throw rejection
    }

    /// Why a text that is stored nowhere is not a token.
    private func rejectionOfUnknown(_ text: String, segments: Int) throws -> Rejection {
        if let problem = context.snapshot.opaqueTokenFormat.wrapping(of: text) { return try refuse(problem) }
        if let kind = try context.kind(of: text) {
            return Rejection(.notAnAccessToken, "this is \(kind.name); send the access token of a token response")
        }
        let looksOpaque =
            (segments == 1 || segments == 5) && text.utf8.count >= 40
            && !text.utf8.contains { $0 <= 0x20 || $0 >= 0x7F }
        try trace.require(
            .tokenFormat, looksOpaque, expected: "an opaque token of this server, or a JWT",
            found: "\(text.utf8.count) characters",
            or: Rejection(
                .tokenMalformed,
                "the token (\(counted(text.utf8.count, "character")) in \(counted(segments, "segment"))) is neither an opaque token of this server nor a JWT"
            ))
        if context.behavior.acceptsCutToken, segments == 1, text.utf8.count == 80 {
            trace.warn(
                .tokenCut,
                "ZITADEL \(context.settings.serverVersion.rawValue) accepts an access token cut to its first 80 characters; \(ServerVersion.of2026July.rawValue) and this server do not"
            )
        }
        let rejection = Rejection(
            .tokenUnknown,
            "not a token of this server: it may be cut or altered, come from another server or another database, have been deleted, or have expired more than a day ago"
        )
        try trace.require(
            .tokenKnown, false, expected: "a token of this database", found: "an unknown one", or: rejection)
        return rejection
    }

    /// Refuses a text for what is around its token.
    private func refuse(_ problem: String) throws(Rejection) -> Rejection {
        let rejection = Rejection(.tokenMalformed, "the token \(problem)")
        try trace.require(
            .tokenFormat, false, expected: "a token and nothing else", found: "one that \(problem)", or: rejection)
        return rejection
    }

    // MARK: JWT

    /// Verifies a JWT and finds what is stored under its `jti`. Only `iss`, `exp`, `jti` and `sub` of it count.
    private func recordOfJWT(_ text: String) throws -> TokenRecord {
        // White space is not looked at in JWTs.
        if let problem = Wrapping(text.withoutWhiteSpaceAround)?.problem { throw try refuse(problem) }
        let jws = try trace.unwrap(
            .tokenFormat, try? CompactJWS(text), expected: "a JWT", found: "three segments",
            or: Rejection(
                .tokenMalformed, "the token has three segments, but its payload is not a base64url JSON object"))
        context.note(userID: jws.claims["sub"]?.string)
        try checkSigned(jws)
        let expiration: Int64? = if case .integer(let number)? = jws.claims["exp"] { number } else { nil }
        try trace.require(
            .tokenExpiration, expiration.map(now.isBefore(seconds:)) ?? false,
            expected: "later than \(time(now.seconds))",
            found: expiration.map(time) ?? (jws.claims["exp"] == nil ? "missing" : "no whole number"),
            or: Rejection(
                .tokenExpired,
                expiration == nil
                    ? "the JWT has no exp that is a whole number of seconds since 1970"
                    : "the JWT is past its exp (server time \(time(now.seconds)))"))
        let tokenID = try trace.unwrap(
            .tokenIdentifier, jws.claims["jti"]?.string, expected: "a jti",
            found: jws.claims["jti"] == nil ? "none" : "one",
            or: Rejection(.notAnAccessToken, "the JWT has no jti: it is an ID token; send the access token"))
        let digest = tokenDigest(tokenID)
        let stored = try context.storage.token(digest: digest)
        if stored == nil { try checkRemovedToken(digest) }
        return try trace.unwrap(
            .tokenKnown, stored.flatMap { $0.userID == jws.claims["sub"]?.string ? $0 : nil },
            expected: "a token of this database", found: "jti \(tokenID.truncated)",
            or: Rejection(
                .tokenUnknown, "the JWT is genuine, but the database does not know its jti \(tokenID.truncated)"))
    }

    /// Issuer, algorithm, key and signature.
    private func checkSigned(_ jws: CompactJWS) throws {
        let tokenIssuer = jws.claims["iss"]?.string ?? ""
        try trace.require(
            .tokenIssuer, tokenIssuer == issuer, expected: "\"\(issuer)\"", found: "\"\(tokenIssuer.truncated)\"",
            or: rejection(ofIssuer: tokenIssuer, jws))
        try OwnSignature(context: context).verify(jws) { defect in
            switch defect {
            case .malformed:
                Rejection(.tokenSignature, "the header or the signature of the JWT cannot be read")
            case .algorithm:
                Rejection(
                    .tokenSignature,
                    "the JWT's alg is \(OwnSignature.algorithm(of: jws)), which this server does not sign with")
            case .key:
                Rejection(
                    .tokenSignature,
                    "the JWT's kid is not in \(issuer)\(EndpointPath.keys); it may come from another database")
            case .signature(let keyID):
                Rejection(
                    .tokenSignature,
                    "the JWT's signature does not verify with key \(keyID): the token was cut or altered, or signed with another key"
                )
            }
        }
    }

    private func rejection(ofIssuer tokenIssuer: String, _ jws: CompactJWS) -> Rejection {
        let isAssertion = resourceIndex.client(id: tokenIssuer) != nil || resourceIndex.user(id: tokenIssuer) != nil
        let isOwn = jws.keyID.flatMap { try? context.snapshot.keys.key(id: $0) } != nil
        return isAssertion
            ? Rejection(
                .notAnAccessToken,
                "this is the assertion of \(tokenIssuer.truncated), not an access token; send the access token that the token endpoint returned for it"
            )
            : Rejection(
                .tokenIssuer,
                "the JWT's iss is \"\(tokenIssuer.truncated)\", and this request came by \"\(issuer)\"; "
                    + (isOwn
                        ? "use one name for both, or pin it with instance.issuer or --issuer"
                        : "its kid is none of this server's, so it is of another server")
            )
    }

    // MARK: Active?

    private func active(_ record: TokenRecord) throws(Rejection) -> ActiveToken {
        trace.tokenID = record.id
        context.note(userID: record.userID)
        let rejection = record.endReason.map { self.rejection(of: $0, record) }
        try trace.require(
            .tokenEnded, rejection == nil, expected: "neither revoked nor ended",
            found: record.endReason.map { "\($0)" } ?? "neither",
            or: rejection ?? Rejection(.tokenRevoked, ""))
        try trace.require(
            .tokenExpiration, now.isBefore(seconds: record.expiration), expected: "later than \(time(now.seconds))",
            found: time(record.expiration),
            or: Rejection(
                .tokenExpired,
                "the token expired \(now.seconds - record.expiration) s ago, on \(time(record.expiration))"))
        return .session(record, try activeUser(record.userID))
    }

    /// A token that ended when its user was deactivated or locked, or that was made for such a user.
    private func inactiveUser(_ id: String) -> Rejection {
        guard let user = resourceIndex.user(id: id), user.state != .active else {
            return Rejection(
                .userInactive, "the user was deactivated or locked after the token was issued; a new token is needed")
        }
        return Rejection(
            .userInactive,
            "the user \(user.userName) is \(user.state.rawValue); set its state to active, and get a new token")
    }

    private func rejection(of end: RevocationReason, _ record: TokenRecord) -> Rejection {
        switch end {
        case .revoked: Rejection(.tokenRevoked, "the token was revoked, by its client or through the control API")
        case .userInactive: inactiveUser(record.userID)
        case .superseded:
            Rejection(
                .tokenSuperseded,
                "a refresh issued a newer access token, and this one ended with it; use the newer one")
        case .sessionTerminated:
            Rejection(.sessionTerminated, "the user signed out, or the login session was ended otherwise")
        }
    }

    private func active(_ token: PersonalAccessToken) throws(Rejection) -> ActiveToken {
        trace.tokenID = token.id
        context.note(userID: token.userID)
        try trace.require(
            .tokenEnded, !token.isEnded, expected: "a user who was active ever since it was made",
            found: token.isEnded ? "a user who was deactivated or locked in between" : "one",
            or: Rejection(
                .userInactive,
                "the user of personal access token \(token.id) was deactivated or locked after it was made, which ends it for good; make a new one"
            ))
        try trace.require(
            .tokenExpiration, now.seconds < token.expiration, expected: "later than \(time(now.seconds))",
            found: time(token.expiration),
            or: Rejection(
                .patExpired, "personal access token \(token.id) expired on \(time(token.expiration))"))
        return .personal(token, try activeUser(token.userID))
    }

    private func activeUser(_ id: String) throws(Rejection) -> User {
        let user = try trace.unwrap(
            .tokenUser, resourceIndex.user(id: id), expected: "a user", found: "user \(id)",
            or: Rejection(.userInactive, "the token's user \(id) does not exist"))
        try trace.require(
            .tokenUser, user.state == .active, expected: "an active user",
            found: "user \(user.userName) is \(user.state.rawValue)",
            or: Rejection(.userInactive, "the token's user \(user.userName) is \(user.state.rawValue)"))
        return user
    }

    private func time(_ seconds: Int64) -> String { UTCDateTime(unix: seconds).rfc3339 }
}
