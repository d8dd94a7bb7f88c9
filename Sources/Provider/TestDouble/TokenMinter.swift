import Crypto
public import Encodings
import JOSE
public import Model
import OAuth
import Storage

/// Makes any token for any user, without a grant: active ones, and ones with a defect.
public struct TokenMinter {
    public enum TokenType: String, Sendable, CaseIterable {
        case access, id, refresh, pat

        /// Those that the server keeps, so that they can be listed and revoked.
        public static let stored = allCases.filter { $0 != .id }
    }

    public struct Request: Sendable {
        public var user: User
        /// nil for a token that the user, a service user, got for itself.
        public var client: Client?
        public var type = TokenType.access
        /// nil for what the app or service user gets.
        public var format: AccessTokenType?
        public var scopes: [String] = ["openid"]
        /// nil for what the scopes and the app give.
        public var audience: [String]?
        /// Roles as if granted, on this project.
        public var roles: (project: Project, keys: [String])?
        /// Seconds; negative for a token that has expired. nil for the instance's lifetime.
        public var expiresIn: Int64?
        /// Added to the token's claims and to what introspection answers; none of `ReservedClaim`.
        public var claims = JSONObject()
        public var amr: [String]?
        public var defect: TokenDefect?

        public init(user: User) { self.user = user }
    }

    /// Those of further claims that introspection and userinfo answer by the user's own, because the scopes give them.
    public func claimsOfProfile(_ request: Request) -> [String] {
        let profile = ProfileClaims(
            resourceIndex: context.resourceIndex, user: request.user, scopes: request.scopes)
        let own = profile.json
        return request.claims.members.map(\.name).filter { own[$0] != nil }
    }

    public struct Minted: Sendable {
        public let token: String
        public let id: String
        /// Unix seconds.
        public let expiration: Int64
        /// Those of a JWT; empty for an opaque token.
        public let claims: JSONObject
    }

    private let context: RequestContext
    private let tokenIssuer: TokenIssuer

    public init(_ context: RequestContext) {
        self.context = context
        tokenIssuer = TokenIssuer(context)
    }

    /// No endpoint could read the token that was asked for.
    public struct Unreadable: Error, CustomStringConvertible {
        public let description: String
    }

    private static func checkReadable(_ text: String) throws(Unreadable) {
        guard text.utf8.count <= FormParameters.parameterLimit else {
            throw Unreadable(
                description:
                    "the token would have \(text.utf8.count) bytes, and endpoints read at most \(FormParameters.parameterLimit)"
            )
        }
        do throws(CompactJWS.Malformed) { _ = try CompactJWS(text) } catch {
            if case .segments = error { return }
            throw Unreadable(
                description:
                    "the token would have more JSON values than the \(CompactJWS.valueLimit) that endpoints read")
        }
    }

    /// Makes and stores a token.
    /// - Throws: `Unreadable`, `StorageError`, `CryptographyFailure`
    public func mint(_ request: Request) throws -> Minted {
        if request.type == .pat { return try personalAccessToken(request) }
        let issueRequest = issueRequest(request)
        switch request.type {
        case .id:
            let text = try tokenIssuer.issueIDToken(issueRequest)
            try Self.checkReadable(text)
            return try finish(text, request, id: "", expiration: context.now.seconds)
        case .refresh:
            let (issued, record, made) = try tokenIssuer.make(issueRequest)
            guard var refresh = made, let text = issued.refreshToken else { throw NoRefreshToken() }
            if let lifetime = issueRequest.expiresIn {
                refresh.expiration = context.now.seconds.saturatingAdding(lifetime)
                refresh.idleExpiration = min(refresh.idleExpiration, refresh.expiration)
            }
            _ = try context.storage.issue(record, refresh, redeeming: nil)
            let token = request.defect == .tampered ? Tampering.changed(opaque: text) : text
            return Minted(token: token, id: refresh.id, expiration: refresh.expiration, claims: [:])
        case .access, .pat:
            let (issued, record, _) = try tokenIssuer.make(issueRequest)
            try Self.checkReadable(issued.accessToken)
            try context.storage.insert(record)
            try end(record, because: request.defect)
            return try finish(issued.accessToken, request, id: record.id, expiration: record.expiration)
        }
    }

    private struct NoRefreshToken: Error {}

    private func issueRequest(_ request: Request) -> TokenIssuer.IssueRequest {
        var issueRequest = TokenIssuer.IssueRequest(
            user: request.user, client: request.client, scopes: request.scopes, audience: audience(request),
            amr: request.amr ?? (request.user.machine == nil ? ["pwd"] : []), authTime: context.now.seconds,
            form: form(request))
        issueRequest.expiresIn = request.defect == .expired ? -60 : request.expiresIn
        issueRequest.extraClaims = extraClaims(request)
        issueRequest.wantsRefreshToken = request.type == .refresh
        return issueRequest
    }

    private func form(_ request: Request) -> AccessTokenType {
        if request.defect?.needsJWT ?? false { return .jwt }
        return request.format ?? request.client?.app.oidc?.accessTokenType ?? request.user.machine?.accessTokenType
            ?? .bearer
    }

    private func audience(_ request: Request) -> [String] {
        switch request.defect {
        case .noAudience: return []
        case .otherProject: return ["999999999999999999"]
        default: break
        }
        if let audience = request.audience { return audience }
        let named = Scope.audience(of: request.scopes, instanceProject: context.settings.projectID)
        let own = request.client.map { context.resourceIndex.loginAudience(of: $0.project, scopes: request.scopes) }
        let projects = request.roles.map { [$0.project.id] } ?? []
        let all = own ?? named
        return all + projects.filter { !all.contains($0) }
    }

    private func extraClaims(_ request: Request) -> JSONObject {
        var claims = request.claims
        if let (project, keys) = request.roles {
            let organization = context.resourceIndex.organization(id: project.organizationID)
            let granting = [project.organizationID: organization?.primaryDomain ?? ""]
            var roles: [ExactString: [String: String]] = [:]
            for key in keys { roles[ExactString(key)] = granting }
            let value = JSON.object(RoleClaims.value(roles))
            claims.append(RoleClaims.ownProjectClaim, value)
            claims.append(RoleClaims.claim(ofProject: project.id), value)
        }
        return claims
    }

    private func end(_ record: TokenRecord, because defect: TokenDefect?) throws {
        let reason: RevocationReason? =
            switch defect {
            case .revoked: .revoked
            case .superseded: .superseded
            case .userInactiveAfterIssue: .userInactive
            default: nil
            }
        if let reason { try context.storage.end(tokenWithDigest: record.digest, because: reason) }
    }

    /// Puts the defect into what is returned.
    private func finish(_ text: String, _ request: Request, id: String, expiration: Int64) throws -> Minted {
        guard let jws = try? CompactJWS(text), let header = jws.header else {
            let token = request.defect == .tampered ? Tampering.changed(opaque: text) : text
            return Minted(token: token, id: id, expiration: expiration, claims: [:])
        }
        let key = try context.snapshot.keys.active()
        var builder = JWSBuilder(header: header, claims: jws.claims)
        let token: String
        switch request.defect {
        case .wrongIssuer:
            builder.claims = builder.claims.replacing(["iss": .string("https://other.example")])
            token = try builder.signed(by: key.privateKey, algorithm: key.algorithm)
        case .notYetValid:
            let later = JSON.integer(context.now.seconds + 3600)
            builder.claims = builder.claims.replacing(["nbf": later, "iat": later])
            token = try builder.signed(by: key.privateKey, algorithm: key.algorithm)
        case .unknownKeyID:
            builder.header = builder.header.replacing(["kid": .string("999999999999999999")])
            token = try builder.signed(by: key.privateKey, algorithm: key.algorithm)
        case .wrongKey:
            token = try builder.signed(by: try WrongKeys.key(for: key.algorithm), algorithm: key.algorithm)
        case .algorithmNone:
            builder.header = builder.header.replacing(["alg": .string("none"), "kid": .null])
            token = builder.unsigned
        case .tampered: token = Tampering.changed(text, claim: "jti", to: .string("tampered"))
        default: token = text
        }
        let expiration = if case .integer(let seconds)? = jws.claims["exp"] { seconds } else { expiration }
        return Minted(token: token, id: id, expiration: expiration, claims: builder.claims)
    }

    private func personalAccessToken(_ request: Request) throws -> Minted {
        let id = context.newID()
        let text = OpaqueToken.make(
            context.snapshot.opaqueTokenFormat, plaintextSize: id.utf8.count + 1 + request.user.id.utf8.count,
            namesKey: true, randomBytes: context.randomBytes)
        let expiresIn = request.defect == .expired ? -60 : request.expiresIn
        let expiration = expiresIn.map { context.now.seconds.saturatingAdding($0) } ?? neverExpires
        let token = PersonalAccessToken(
            id: id, userID: request.user.id, digest: tokenDigest(text), scopes: request.scopes,
            creation: context.now.seconds, expiration: expiration)
        try context.instance.change { present in
            var token = token
            // A user who was locked since the request began has lost it already.
            token.isEnded =
                request.user.state == .active && present.resources.user(id: request.user.id)?.state != .active
            return ([.put(.personalAccessToken(token))], ())
        }
        if request.defect == .revoked {
            try context.instance.change { _ in ([.remove(.personalAccessToken, id: id)], ()) }
        }
        let handedOut = request.defect == .tampered ? Tampering.changed(opaque: text) : text
        return Minted(token: handedOut, id: id, expiration: expiration, claims: [:])
    }
}
