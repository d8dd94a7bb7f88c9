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

    /// Seconds that an ID token lives by the defaults of the real server's configuration.
    private static let standardIDTokenLifetime: Int64 = 12 * 3600

    /// How long an ID token lives.
    enum IDTokenLife {
        /// as long as the instance says
        case full
        /// as long as the real server's configuration says, whatever its instance does
        case standard
        /// It ends the moment it begins, as the real server has it for some grants.
        case none
    }

    /// What a grant found out.
    struct IssueRequest {
        let user: User
        /// nil for a service user, who is its own client.
        var client: Client?
        let scopes: [String]
        var audience: [String] = []
        /// How the user authenticated (RFC 8176); empty leaves the claim out.
        var amr: [String] = []
        /// When the user authenticated; 0 leaves the claim out.
        var authTime: Int64
        var sessionID: String?
        var nonce = ""
        /// The claim `act`.
        var actor: JSONObject?
        let form: AccessTokenType
        var idTokenLife = IDTokenLife.full
        /// Who is recorded as having requested the token; the client, unless an older server let another one use its grant.
        var clientID: String?
        /// For a refresh: the token that is used up. What is issued stays in its session.
        var refreshing: RefreshTokenRecord?
        var wantsRefreshToken = false
        /// The client gets no access token, so the ID token says nothing of one.
        var isIDTokenAlone = false
        /// Seconds that the access token is valid; nil for the lifetime of the instance.
        var expiresIn: Int64?
        /// Claims for this token alone, of a token that was minted.
        var extraClaims = JSONObject()
    }

    /// The order of a person's sign-in to an app.
    /// - Parameter project: that of the app at which the person signed in.
    func order(
        _ authentication: Authentication, of user: User, to client: Client, project: Project, scopes: [String],
        nonce: String
    ) -> IssueRequest {
        IssueRequest(
            user: user, client: client, scopes: scopes,
            audience: resourceIndex.loginAudience(of: project, scopes: scopes), amr: authentication.amr,
            authTime: authentication.time, sessionID: authentication.sessionID, nonce: nonce,
            form: client.app.oidc?.accessTokenType ?? .bearer)
    }

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
    /// - Throws: `StorageError`, `CryptographyFailure`
    func issue(_ order: IssueRequest) throws -> Issued {
        let tokens = try make(order)
        if let refresh = tokens.refresh {
            _ = try context.storage.issue(tokens.record, refresh, redeeming: nil)
        } else {
            try context.storage.insert(tokens.record)
        }
        return tokens.issued
    }

    /// Issues tokens for a grant that works once.
    /// - Returns: nil when the grant was used by another request in the meantime; then nothing is issued.
    /// - Throws: `StorageError`, `CryptographyFailure`
    func redeem(_ grant: SingleUseGrant, for order: IssueRequest) throws -> Issued? {
        let tokens = try make(order)
        guard try context.storage.issue(tokens.record, tokens.refresh, redeeming: grant) else { return nil }
        return tokens.issued
    }

    /// Makes tokens that are not stored yet.
    func make(
        _ order: IssueRequest
    ) throws -> (issued: Issued, record: TokenRecord, refresh: RefreshTokenRecord?) {
        var token = record(order)
        let text: String
        switch order.form {
        case .jwt: text = try accessTokenJWT(token, order)
        case .bearer:
            text = opaqueToken(id: token.id, userID: order.user.id, namesKey: false)
            token.digest = tokenDigest(text)
        }
        context.trace.tokenID = token.id
        context.trace.user = order.user.userName
        let refresh = order.wantsRefreshToken ? refreshToken(for: token, order) : nil
        let idToken =
            order.scopes.contains(Scope.openID)
            ? try idToken(token, accessToken: order.isIDTokenAlone ? nil : text, order) : nil
        // Whole seconds that are left; by the time the answer is written the first one has begun.
        let issued = Issued(
            accessToken: text, refreshToken: refresh?.text, idToken: idToken,
            expiresIn: context.settings.lifetimes.accessToken.seconds - 1)
        return (issued, token, refresh?.record)
    }

    /// An ID token alone, for an implicit answer or a token exchange.
    func issueIDToken(_ order: IssueRequest) throws -> String { try idToken(record(order), accessToken: nil, order) }

    private func record(_ order: IssueRequest) -> TokenRecord {
        let session =
            order.refreshing.map { String($0.id.prefix { $0 != "-" }) } ?? "V2_\(context.newID())"
        let id = "\(session)-at_\(context.newID())"
        var token = TokenRecord(
            id: id, digest: tokenDigest(id), userID: order.user.id,
            clientID: order.clientID ?? order.client?.app.clientID ?? order.user.userName, scopes: order.scopes,
            audience: order.audience, amr: order.amr,
            authTime: order.authTime, creation: now.seconds,
            expiration: now.seconds.saturatingAdding(
                order.expiresIn ?? context.settings.lifetimes.accessToken.seconds))
        token.sessionID = order.sessionID
        token.actor = order.actor
        token.extraClaims = order.extraClaims
        return token
    }

    private func opaqueToken(id: String, userID: String, namesKey: Bool) -> String {
        OpaqueToken.make(
            context.snapshot.opaqueTokenFormat, plaintextSize: id.utf8.count + 1 + userID.utf8.count,
            namesKey: namesKey,
            randomBytes: context.randomBytes)
    }

    private func refreshToken(
        for token: TokenRecord, _ order: IssueRequest
    ) -> (text: String, record: RefreshTokenRecord) {
        let id = "\(token.id.prefix { $0 != "-" })-rt_\(context.newID())"
        let text = opaqueToken(id: id, userID: order.user.id, namesKey: true)
        let lifetimes = context.settings.lifetimes
        let record = RefreshTokenRecord(
            id: id, digest: tokenDigest(text), accessToken: token, nonce: order.nonce,
            idleExpiration: now.seconds + lifetimes.refreshTokenIdle.seconds,
            expiration: order.refreshing?.expiration ?? now.seconds + lifetimes.refreshToken.seconds)
        return (text, record)
    }

    // MARK: Claims

    private func extraClaims(_ order: IssueRequest, withRoles: Bool) -> JSONObject {
        var extra = UserClaims(resourceIndex: resourceIndex, user: order.user).extra(order.scopes)
        guard withRoles else { return extra.replacing(order.extraClaims) }
        let roles = RoleClaims(resourceIndex: resourceIndex, user: order.user, scopes: order.scopes)
        extra.members +=
            roles.ofAudience(instanceProject: context.settings.projectID, own: order.client?.project).members
        return extra.replacing(order.extraClaims)
    }

    private func sign(_ claims: ClaimSet) throws -> String {
        let key = try context.snapshot.keys.active()
        return try CompactJWS.sign(claims.json, by: key.privateKey, algorithm: key.algorithm, keyID: key.id)
    }

    private func accessTokenJWT(_ token: TokenRecord, _ order: IssueRequest) throws -> String {
        let skew = order.client?.app.oidc?.clockSkew ?? 0
        let clientID = order.client?.app.clientID ?? token.clientID
        var claims: JSONObject = [
            "iss": .string(issuer), "sub": .string(token.userID),
            // A JWT without an audience names its client; what is stored stays empty, so nobody's introspection is fooled.
            "aud": .strings(token.audience.isEmpty ? [clientID] : token.audience),
            "exp": .integer(token.expiration + skew), "iat": .integer(token.creation - skew),
            "nbf": .integer(token.creation - skew), "client_id": .string(clientID), "jti": .string(token.id),
        ]
        if let actor = token.actor { claims.append("act", .object(actor)) }
        let withRoles = order.client?.app.oidc?.accessTokenRoleAssertion ?? true
        return try sign(ClaimSet(standard: claims, extra: extraClaims(order, withRoles: withRoles)))
    }

    private func idToken(_ token: TokenRecord, accessToken: String?, _ order: IssueRequest) throws -> String {
        let settings = order.client?.app.oidc
        let skew = settings?.clockSkew ?? 0
        let clientID = order.client?.app.clientID ?? token.clientID
        let lifetime =
            switch order.idTokenLife {
            case .full: context.settings.lifetimes.idToken.seconds
            case .standard: Self.standardIDTokenLifetime
            case .none: Int64(0)
            }
        var claims: JSONObject = [
            "iss": .string(issuer), "sub": .string(token.userID),
            "aud": .strings(token.audience + (token.audience.contains(clientID) ? [] : [clientID])),
            "exp": .integer(token.creation + lifetime + skew), "iat": .integer(token.creation - skew),
        ]
        if token.authTime != 0 { claims.append("auth_time", .integer(token.authTime - skew)) }
        claims.append("nonce", ifNotEmpty: order.nonce)
        if !token.amr.isEmpty { claims.append("amr", .strings(token.amr)) }
        claims.append("azp", .string(clientID))
        claims.append("client_id", .string(clientID))
        if let actor = token.actor { claims.append("act", .object(actor)) }
        if let accessToken {
            // OpenID Connect Core section 3.1.3.6: the left half of the hash of the access token.
            let hash = try context.snapshot.keys.active().algorithm.halfHashDigest.hash(Array(accessToken.utf8))
            claims.append("at_hash", .string(Base64.urlEncoded(hash.prefix(hash.count / 2))))
        }
        claims.append("sid", ifNotEmpty: token.sessionID)
        if settings?.idTokenUserinfoAssertion ?? false {
            claims.members += UserClaims(resourceIndex: resourceIndex, user: order.user).profile(order.scopes).members
        }
        let withRoles = settings?.idTokenRoleAssertion ?? true
        return try sign(ClaimSet(standard: claims, extra: extraClaims(order, withRoles: withRoles)))
    }
}
