import Encodings
public import Model
import OAuth

/// Authorization requests and the codes that sign-ins turn them into.
extension Storage {
    /// Stores a request that waits for its user. The oldest unanswered ones are removed when there are more than 16 MiB of them.
    public func insert(_ request: AuthRequest) throws(StorageError) {
        let text = json(request)
        try write(endsTokens: false) { connection throws(StorageError) in
            _ = try connection.run(
                "INSERT INTO auth_requests (id, request, creation) VALUES (?, ?, ?)",
                [.text(request.id), .text(text), .integer(request.creation)])
            for id in pendingAuthRequests.add(request.id, bytes: text.utf8.count) {
                _ = try connection.run("DELETE FROM auth_requests WHERE id = ? AND user_id IS NULL", [.text(id)])
            }
        }
    }

    /// A request that nobody has answered yet.
    public func pendingAuthRequest(id: String) throws(StorageError) -> AuthRequest? {
        try read { connection throws(StorageError) in
            try connection.rows(
                "SELECT request FROM auth_requests WHERE id = ? AND user_id IS NULL", [.text(id)], { $0.text(0) }
            ).first.map(authRequest)
        }
    }

    /// Answers a request with a code for somebody who signed in. The oldest codes are removed when they take more than 16 MiB: nobody needs credentials
    /// to be signed in by a test.
    /// - Returns: whether it was still unanswered.
    public func complete(
        authRequest id: String, _ authentication: Authentication, code: (digest: [UInt8], expiration: Int64)
    ) throws(StorageError) -> Bool {
        try write(endsTokens: false) { connection throws(StorageError) in
            try connection.attempt { () throws(StorageError) in
                try Self.complete(authRequest: id, authentication, code: code, connection)
                let bytes = try connection.rows(
                    "SELECT length(CAST(request AS BLOB)) FROM auth_requests WHERE id = ?", [.text(id)],
                    { $0.integer(0) })
                for old in codes.add(id, bytes: Int(bytes.first ?? 0)) {
                    _ = try connection.run("DELETE FROM auth_requests WHERE id = ?", [.text(old)])
                }
            }
        }
    }

    /// Answers a request with an ID token alone, which the client then has of the session.
    /// - Returns: whether it was still unanswered.
    public func complete(
        authRequest id: String, _ authentication: Authentication, client clientID: String
    ) throws(StorageError) -> Bool {
        try write(endsTokens: false) { connection throws(StorageError) in
            try connection.attempt { () throws(StorageError) in
                try Self.complete(authRequest: id, authentication, code: nil, connection)
                try Self.note(client: clientID, ofSession: authentication.sessionID, connection)
            }
        }
    }

    /// Keeps of the request what its code needs.
    /// - Throws: `usedUp` when it was answered before.
    static func complete(
        authRequest id: String, _ authentication: Authentication, code: (digest: [UInt8], expiration: Int64)?,
        _ connection: Connection
    ) throws(StorageError) {
        try connection.use(
            """
            UPDATE auth_requests SET user_id = ?, session_id = ?, amr = ?, auth_time = ?, code = ?, code_expiration = ?,
                request = json_remove(request, '$.state', '$.loginHint', '$.prompts')
            WHERE id = ? AND user_id IS NULL
            """,
            [
                .text(authentication.userID), .text(authentication.sessionID), .text(joined(authentication.amr)),
                .integer(authentication.time), code.map { .blob($0.digest) } ?? .null,
                code.map { .integer($0.expiration) } ?? .null, .text(id),
            ])
    }

    /// Takes back an unanswered request, because it was refused.
    /// - Returns: whether it was still unanswered.
    public func remove(authRequest id: String) throws(StorageError) -> Bool {
        try write(endsTokens: false) { connection throws(StorageError) in
            try connection.run("DELETE FROM auth_requests WHERE id = ? AND user_id IS NULL", [.text(id)]) == 1
        }
    }

    /// The code with this digest and what it was issued for, redeemed or not.
    public func issuedCode(digest: [UInt8]) throws(StorageError) -> IssuedCode? {
        try read { connection throws(StorageError) in
            try connection.rows(
                "SELECT request, code_expiration, user_id, session_id, amr, auth_time, redeemed FROM auth_requests WHERE code = ?",
                [.blob(digest)]
            ) { row in
                IssuedCode(
                    request: authRequest(row.text(0)),
                    authentication: Authentication(
                        userID: row.text(2), sessionID: row.text(3), amr: separated(row.text(4)), time: row.integer(5)),
                    expiration: row.integer(1), isRedeemed: row.bool(6))
            }.first
        }
    }
}

private func json(_ request: AuthRequest) -> String {
    var object: JSONObject = [
        "id": .string(request.id), "clientId": .string(request.clientID), "redirectUri": .string(request.redirectURI),
        "responseType": .string(request.responseType.rawValue),
        "responseMode": .string(request.responseMode.rawValue),
        "scopes": .strings(request.scopes), "issuer": .string(request.issuer), "creation": .integer(request.creation),
    ]
    object.append("state", ifNotEmpty: request.state)
    object.append("nonce", ifNotEmpty: request.nonce)
    object.append("codeChallenge", ifNotEmpty: request.codeChallenge)
    if !request.codeChallenge.isEmpty {
        object.append("codeChallengeMethod", .string(request.codeChallengeMethod.rawValue))
    }
    if !request.prompts.isEmpty { object.append("prompts", .strings(request.prompts.map(\.rawValue))) }
    if let maxAge = request.maxAge { object.append("maxAge", .integer(maxAge)) }
    object.append("loginHint", ifNotEmpty: request.loginHint)
    object.append("hintedUserId", ifNotEmpty: request.hintedUserID)
    return JSON.object(object).text
}

private func authRequest(_ text: String) -> AuthRequest {
    let object = object(text)
    func member(_ name: String) -> String { object[name]?.string ?? "" }
    func list(_ name: String) -> [String] { object[name]?.array?.compactMap(\.string) ?? [] }
    var request = AuthRequest()
    request.id = member("id")
    request.clientID = member("clientId")
    request.redirectURI = member("redirectUri")
    request.responseType = ResponseType(rawValue: member("responseType")) ?? .code
    request.responseMode = ResponseMode(rawValue: member("responseMode")) ?? .query
    request.scopes = list("scopes")
    request.state = member("state")
    request.nonce = member("nonce")
    request.codeChallenge = member("codeChallenge")
    request.codeChallengeMethod = CodeChallengeMethod(parameter: member("codeChallengeMethod"))
    request.prompts = list("prompts").compactMap(Prompt.init)
    if case .integer(let age)? = object["maxAge"] { request.maxAge = age.storable }
    request.loginHint = member("loginHint")
    request.hintedUserID = member("hintedUserId")
    request.issuer = member("issuer")
    if case .integer(let creation)? = object["creation"] { request.creation = creation.storable }
    return request
}
