import Crypto
import Encodings
import JOSE
import Model
import OAuth
import Storage

/// Issues tokens: ids and times from the dependencies, claims from the claim sources, a signature or an opaque value, a row.
struct TokenIssuer {
    let context: RequestContext
    /// The claim `iss`: that of the request, or that of the authorization request which is being answered.
    let issuer: String

    init(_ context: RequestContext, issuer: String? = nil) {
        self.context = context
        self.issuer = issuer ?? context.issuer
    }

    private var resourceIndex: ResourceIndex { context.resourceIndex }
    private var now: Timestamp { context.now }

    /// Seconds that an ID token is valid by the defaults of the real server's configuration.
    private static let defaultIDTokenLifetime: Int64 = 12 * 3600

    /// What was issued.
    struct Issued {
        let accessToken: String
        let refreshToken: String?
        let idToken: String?
        /// Seconds.
        let expiresIn: Int64

        /// The answer of the token endpoint, members in ZITADEL's order.
        var json: JSONObject {
            var json: JSONObject = ["access_token": .string(accessToken), "token_type": .string("Bearer")]
            json.append("refresh_token", ifNotEmpty: refreshToken)
            json.append("expires_in", .integer(expiresIn))
            json.append("id_token", ifNotEmpty: idToken)
            return json
        }
    }

    /// Issues an access token and, as requested, a refresh token and an ID token.
    /// - Throws: `Rejection` for scopes that cannot be kept, `StorageError`, `CryptographyFailure`
    func issue(_ request: IssueRequest) throws -> Issued {
        let tokens = try make(request)
        if let refresh = tokens.refresh {
            _ = try context.storage.issue(tokens.record, refresh, redeeming: nil)
        } else {
            try context.storage.insert(tokens.record)
        }
        return tokens.issued
    }

    /// Issues tokens for a grant that works once.
    /// - Returns: nil when the grant was used by another request in the meantime; then nothing is issued.
    /// - Throws: `Rejection` for scopes that cannot be kept, `StorageError`, `CryptographyFailure`
    func redeem(_ grant: SingleUseGrant, for request: IssueRequest) throws -> Issued? {
        let tokens = try make(request)
        guard try context.storage.issue(tokens.record, tokens.refresh, redeeming: grant) else { return nil }
        return tokens.issued
    }

    /// Makes tokens that are not stored yet.
    func make(
        _ request: IssueRequest
    ) throws -> (issued: Issued, record: TokenRecord, refresh: RefreshTokenRecord?) {
        for scope in request.scopes { try refuseNUL(in: scope, of: "a scope") }
        var token = record(request)
        let text: String
        switch request.form {
        case .jwt: text = try accessTokenJWT(token, request)
        case .bearer:
            text = opaqueToken(id: token.id, userID: request.user.id, namesKey: false)
            token.digest = tokenDigest(text)
        }
        context.trace.tokenID = token.id
        context.trace.user = request.user.userName
        warnOfMissingRoles(request)
        let refresh = request.wantsRefreshToken ? refreshToken(for: token, request) : nil
        let idToken =
            request.scopes.contains(Scope.openID)
            ? try idToken(token, accessToken: request.isIDTokenAlone ? nil : text, request) : nil
        // Whole seconds that are left; by the time the answer is written the first one has begun.
        let issued = Issued(
            accessToken: text, refreshToken: refresh?.text, idToken: idToken,
            expiresIn: context.settings.lifetimes.accessToken.seconds - 1)
        return (issued, token, refresh?.record)
    }

    /// An ID token alone, for an implicit answer or a token exchange.
    func issueIDToken(_ request: IssueRequest) throws -> String {
        try idToken(record(request), accessToken: nil, request)
    }

    private func record(_ request: IssueRequest) -> TokenRecord {
        let session =
            request.refreshing.map { String($0.id.prefix { $0 != "-" }) } ?? "V2_\(context.newID())"
        let id = "\(session)-at_\(context.newID())"
        var token = TokenRecord(
            id: id, digest: tokenDigest(id), userID: request.user.id,
            clientID: request.clientID ?? request.client?.app.clientID ?? request.user.userName, scopes: request.scopes,
            audience: request.audience, amr: request.amr,
            authTime: request.authTime, creation: now.seconds,
            expiration: now.seconds.saturatingAdding(
                request.expiresIn ?? context.settings.lifetimes.accessToken.seconds))
        token.sessionID = request.sessionID
        token.actor = request.actor
        token.extraClaims = request.extraClaims
        return token
    }

    private func opaqueToken(id: String, userID: String, namesKey: Bool) -> String {
        OpaqueToken.make(
            context.snapshot.opaqueTokenFormat, plaintextSize: id.utf8.count + 1 + userID.utf8.count,
            namesKey: namesKey,
            randomBytes: context.randomBytes)
    }

    private func refreshToken(
        for token: TokenRecord, _ request: IssueRequest
    ) -> (text: String, record: RefreshTokenRecord) {
        let id = "\(token.id.prefix { $0 != "-" })-rt_\(context.newID())"
        let text = opaqueToken(id: id, userID: request.user.id, namesKey: true)
        let lifetimes = context.settings.lifetimes
        let record = RefreshTokenRecord(
            id: id, digest: tokenDigest(text), accessToken: token, nonce: request.nonce,
            idleExpiration: now.seconds + lifetimes.refreshTokenIdle.seconds,
            expiration: request.refreshing?.expiration ?? now.seconds + lifetimes.refreshToken.seconds)
        return (text, record)
    }

    // MARK: Claims

    private func extraClaims(_ request: IssueRequest, withRoles: Bool) -> JSONObject {
        let roles = RoleClaims.audience(
            instanceProject: context.settings.projectID, own: request.client?.project)
        return ClaimSource.claims(
            ClaimRequest(
                resourceIndex: resourceIndex, user: request.user, scopes: request.scopes,
                roles: withRoles ? roles : .none)
        ).replacing(request.extraClaims)
    }

    private func warnOfMissingRoles(_ request: IssueRequest) {
        let roles = RoleClaims.audience(
            instanceProject: context.settings.projectID, own: request.client?.project)
        let asked = ClaimRequest(
            resourceIndex: resourceIndex, user: request.user, scopes: request.scopes, roles: roles)
        guard request.extraClaims.members.isEmpty, let problem = asked.missingRoles else { return }
        context.trace.warn(.rolesMissing, problem)
    }

    private func sign(_ claims: ClaimSet) throws -> String {
        let key = try context.snapshot.keys.active()
        return try CompactJWS.sign(claims.json, by: key.privateKey, algorithm: key.algorithm, keyID: key.id)
    }

    private func accessTokenJWT(_ token: TokenRecord, _ request: IssueRequest) throws -> String {
        let withRoles = request.client?.app.oidc?.accessTokenRoleAssertion ?? true
        let claims = AccessTokenClaims(
            issuer: issuer, token: token, request: request, extra: extraClaims(request, withRoles: withRoles))
        return try sign(claims.set)
    }

    private func idToken(_ token: TokenRecord, accessToken: String?, _ request: IssueRequest) throws -> String {
        let settings = request.client?.app.oidc
        let hasProfile = settings?.idTokenUserinfoAssertion ?? false
        let profile = ProfileClaims(resourceIndex: resourceIndex, user: request.user, scopes: request.scopes)
        let claims = IDTokenClaims(
            issuer: issuer, token: token, request: request, lifetime: lifetime(request.idTokenLifetime),
            accessTokenHash: try accessToken.map(halfHash), profile: hasProfile ? profile.json : [:],
            extra: extraClaims(request, withRoles: settings?.idTokenRoleAssertion ?? true))
        return try sign(claims.set)
    }

    private func lifetime(_ lifetime: IDTokenLifetime) -> Int64 {
        switch lifetime {
        case .full: context.settings.lifetimes.idToken.seconds
        case .serverDefault: Self.defaultIDTokenLifetime
        case .none: 0
        }
    }

    /// `at_hash` (OpenID Connect Core section 3.1.3.6): the left half of the hash of the access token.
    private func halfHash(_ accessToken: String) throws -> String {
        let hash = try context.snapshot.keys.active().algorithm.halfHashDigest.hash(Array(accessToken.utf8))
        return Base64.urlEncoded(hash.prefix(hash.count / 2))
    }
}
