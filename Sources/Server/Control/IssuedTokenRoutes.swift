import HTTP
import Encodings
import Model
import Provider
import ResourceFormat
import Storage

/// Looking at tokens below `/mock/v1/tokens`, and revoking them
enum IssuedTokenRoutes {
    static let routes = [
        ControlRoute(
            "GET", "/tokens", "Issued tokens, newest first", query: StateShapes.tokenFilters + QueryParameter.paging,
            answer: .list(.object(StateShapes.token)), problems: [.notFound], list),
        ControlRoute(
            "GET", "/tokens/{id}", "One issued token", query: [], answer: .object(status: 200, StateShapes.token)
        ) { request in
            let id = request.path["id"]
            guard let item = try token(id, request) else {
                throw request.missing("token", id, "the id of an access token, refresh token or personal access token")
            }
            return .ok(item)
        },
        ControlRoute("DELETE", "/tokens/{id}", "Revoke a token", query: [], revoke),
        ControlRoute(
            "DELETE", "/tokens", "Revoke all tokens, or those of a user, app or session",
            query: StateShapes.tokenFilters, problems: [.notFound]
        ) { request in
            try request.storage.revokeTokens(try filter(request))
            return .noContent
        },
    ]

    private static func filter(_ request: ControlRequest) throws(Problem) -> TokenFilter {
        let query = request.query
        var filter = TokenFilter(sessionID: query.text("session"))
        filter.userID = try query.text("user").map(request.user)?.id
        filter.clientID = try query.text("app").map(request.client)?.app.clientID
        if query.text("active") == "true" { filter.activeAt = request.context.now.seconds }
        return filter
    }

    /// Access tokens, then refresh tokens, then personal access tokens. Only the page is read from the database.
    private static func list(_ request: ControlRequest) throws -> ControlReply {
        let filter = try filter(request)
        let (storage, now) = (request.storage, request.context.now)
        let after = request.query.text("after")
        let access = try after.flatMap { try storage.accessToken(id: $0) }
        let refresh = access == nil ? try after.flatMap { try storage.refreshToken(id: $0) } : nil
        // One more than the page shows whether there is another.
        let wanted = ControlReply.pageSize(request) + 1
        var items: [JSONObject] = []
        if after == nil || access != nil {
            items = try storage.accessTokens(filter, after: access, limit: wanted).map { json($0, now) }
        }
        if after == nil || access != nil || refresh != nil, items.count < wanted {
            let more = try storage.refreshTokens(filter, after: refresh?.id, limit: wanted - items.count)
            items += more.map { json($0, now) }
        }
        let isPersonal = after != nil && access == nil && refresh == nil
        if items.count < wanted {
            let tokens = personalAccessTokens(filter, request)
            let start = isPersonal ? try ControlReply.position(after: after, in: tokens.map(\.id)) : 0
            items += tokens[start...].prefix(wanted - items.count).map { json($0, request) }
        }
        return .page(items, request, id: { $0["id"]?.string ?? "" }, encode: { $0 })
    }

    private static func personalAccessTokens(_ filter: TokenFilter, _ request: ControlRequest) -> [PersonalAccessToken]
    {
        guard filter.clientID == nil, filter.sessionID == nil else { return [] }
        let tokens =
            filter.userID.map(request.resources.personalAccessTokens(of:))
            ?? request.resources.resources.personalAccessTokens
        return tokens.filter { filter.activeAt == nil || isActive($0, request) }
    }

    private static func token(_ id: String, _ request: ControlRequest) throws -> JSONObject? {
        if let token = try request.storage.accessToken(id: id) { return json(token, request.context.now) }
        if let token = try request.storage.refreshToken(id: id) { return json(token, request.context.now) }
        return request.resources.personalAccessToken(id: id).map { json($0, request) }
    }

    private static func revoke(_ request: ControlRequest) throws -> ControlReply {
        let id = request.path["id"]
        let storage = request.storage
        if let token = try storage.accessToken(id: id) {
            try storage.end(tokenWithDigest: token.digest, because: .revoked)
        } else if let token = try storage.refreshToken(id: id) {
            try storage.revoke(token)
        } else {
            try ResourceCall(request: request).change { _ in ([.remove(.personalAccessToken, id: id)], ()) }
        }
        return .noContent
    }

    // MARK: JSON

    private static func common(
        _ token: TokenRecord, id: String, type: TokenMinter.TokenType, expiration: Int64
    ) -> JSONObject {
        var object: JSONObject = [
            "id": .string(id), "type": .string(type.rawValue), "user": .string(token.userID),
            "clientId": .string(token.clientID), "scopes": .strings(token.scopes),
            "audience": .strings(token.audience), "amr": .strings(token.amr),
            "expiresAt": .string(UTCDateTime(unix: expiration).rfc3339),
        ]
        if let session = token.sessionID { object.append("session", .string(session)) }
        if let actor = token.actor { object.append("act", .object(actor)) }
        return object
    }

    private static func json(_ token: TokenRecord, _ now: Timestamp) -> JSONObject {
        var object = common(token, id: token.id, type: .access, expiration: token.expiration)
        object.append("issuedAt", .string(UTCDateTime(unix: token.creation).rfc3339))
        object.append("active", .bool(token.endReason == nil && now.isBefore(seconds: token.expiration)))
        if let ended = token.endReason { object.append("ended", .string(ended.rawValue)) }
        return object
    }

    private static func json(_ token: RefreshTokenRecord, _ now: Timestamp) -> JSONObject {
        let expiration = min(token.expiration, token.idleExpiration)
        var object = common(token.accessToken, id: token.id, type: .refresh, expiration: expiration)
        object.append("active", .bool(token.isActive(at: now.seconds)))
        if let ended = token.endReason { object.append("ended", .string(ended.rawValue)) }
        return object
    }

    private static func isActive(_ token: PersonalAccessToken, _ request: ControlRequest) -> Bool {
        !token.isEnded && request.resources.user(id: token.userID)?.state == .active
            && request.context.now.isBefore(seconds: token.expiration)
    }

    private static func json(_ token: PersonalAccessToken, _ request: ControlRequest) -> JSONObject {
        [
            "id": .string(token.id), "type": .string(TokenMinter.TokenType.pat.rawValue), "user": .string(token.userID),
            "scopes": .strings(token.scopes), "expiresAt": .string(UTCDateTime(unix: token.expiration).rfc3339),
            "issuedAt": .string(UTCDateTime(unix: token.creation).rfc3339), "active": .bool(isActive(token, request)),
        ]
    }
}
