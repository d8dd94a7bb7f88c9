import Crypto
import Encodings
import Model
import OAuth
import Provider
import ResourceFormat

/// `/mock/v1/tokens`, `/assertions` and `/explain`
enum TokenRoutes {
    static let routes = [
        ControlRoute(
            "POST", "/tokens", "Mint a token, active or with a defect", query: [], body: .object(TokenShapes.mint),
            answer: .object(status: 201, TokenShapes.minted), problems: [.notFound], mint),
        ControlRoute(
            "POST", "/assertions", "Mint a client assertion or a JWT bearer assertion", query: [],
            body: .object(TokenShapes.assertionRequest), answer: .object(status: 200, TokenShapes.assertion),
            problems: [.notFound], AssertionCall.run),
        ControlRoute(
            "POST", "/explain", "Explain a token, an assertion or a Basic header, check by check", query: [],
            body: .object(TokenShapes.explainRequest), answer: .object(status: 200, TokenShapes.explanation),
            problems: [.notFound], explain),
    ]

    private static func mint(_ request: ControlRequest) throws -> ControlReply {
        let mint = try minting(request)
        try check(mint)
        let minter = TokenMinter(request.context)
        let minted: TokenMinter.Minted
        do { minted = try minter.mint(mint) } catch let error as TokenMinter.Unreadable {
            throw Problem(.invalidBody, error.description, pointer: "/claims")
        }
        var answer: JSONObject = [
            "token": .string(minted.token), "id": .string(minted.id),
            "expiresAt": .string(UTCDateTime(unix: minted.expiration).rfc3339), "claims": .object(minted.claims),
        ]
        let warnings =
            unknownRoles(mint)
            + minter.claimsOfProfile(mint).map {
                "the claim \"\($0)\" is not in the answers of introspection and userinfo: the scopes give them the user's own"
            }
        if !warnings.isEmpty { answer.append("warnings", .strings(warnings)) }
        return .created(answer, location: "\(ControlAPI.prefix)/tokens/\(minted.id)")
    }

    /// What the body asks for.
    /// - Throws: `Problem` when there is no such user, app or project.
    private static func minting(_ request: ControlRequest) throws -> TokenMinter.Request {
        let body = request.checkedBody
        var mint = TokenMinter.Request(user: try request.user(body.text("user") ?? ""))
        mint.type = body.choice("type", TokenMinter.TokenType.self) ?? .access
        mint.client = try body.text("app").map(request.client) ?? defaultClient(of: mint, request.resources)
        mint.format = body.choice("format", TokenFormat.self)?.accessTokenType
        mint.scopes = body.texts("scopes") ?? defaultScopes(mint)
        mint.audience = body.textOrTexts("audience").map(request.references.projectIDs)
        mint.expiresIn = body.seconds("expiresIn")
        mint.claims = body.object("claims") ?? [:]
        mint.amr = body.texts("amr")
        mint.defect = body.choice("defect", TokenDefect.self)
        if body.has("roles") || body.has("project") {
            guard let target = try body.text("project").map(request.project) ?? mint.client?.project else {
                throw Problem(.invalidBody, "roles need a project; send app or project", pointer: "/roles")
            }
            mint.roles = (target, body.texts("roles") ?? [])
        }
        return mint
    }

    /// The app that tokens are for when none is named: for those that need one, the first that users sign in to.
    private static func defaultClient(of mint: TokenMinter.Request, _ resources: ResourceIndex) -> Client? {
        guard mint.user.machine == nil && mint.type != .pat || [.id, .refresh].contains(mint.type) else { return nil }
        return resources.resources.apps.lazy.filter { $0.oidc != nil }
            .compactMap { resources.client(id: $0.clientID) }.first { $0.inactiveLevel == nil }
    }

    /// A sentence for each role that the project does not have: no real token has it.
    private static func unknownRoles(_ mint: TokenMinter.Request) -> [String] {
        guard let (project, keys) = mint.roles else { return [] }
        let known = Set(project.roles.map { ExactString($0.key) })
        let unknown = keys.filter { !known.contains(ExactString($0)) }
        let messages = unknown.prefix(warningLimit).enumerated().map { index, key in
            let names = project.roles.lazy.map(\.key)
            let near = index < hintLimit ? Similarity.nearest(to: key, in: names) : nil
            let hint = near.map { "did you mean \"\($0)\"?" } ?? "it has \(names.abridgedList)"
            return "\"\(key.prefix(200))\" is not a role of project \"\(project.name)\"; \(hint)"
        }
        let more = unknown.count - messages.count
        return messages + (more > 0 ? ["and \(more) more"] : [])
    }

    /// Warnings that are shown, and how many of them name what was probably meant.
    private static let warningLimit = 100
    private static let hintLimit = 10

    enum TokenFormat: String, CaseIterable {
        case opaque, jwt
        var accessTokenType: AccessTokenType { self == .jwt ? .jwt : .bearer }
    }

    private static func defaultScopes(_ mint: TokenMinter.Request) -> [String] {
        mint.type == .pat ? Scope.personalAccessToken : [Scope.openID]
    }

    /// No claim may get lost.
    private static func checkClaims(_ mint: TokenMinter.Request) throws(Problem) {
        let problems = mint.claims.members.compactMap { member in
            ReservedClaim(rawValue: member.name).map { claim in
                (pointer: "/claims/\(member.name)", detail: "the server sets the claim \(member.name); \(claim.remedy)")
            }
        }
        guard problems.isEmpty else { throw Problem(invalidBody: problems) }
    }

    private static func check(_ mint: TokenMinter.Request) throws(Problem) {
        try checkClaims(mint)
        if mint.type == .pat, mint.user.machine == nil {
            throw Problem(
                .invalidBody, "user is a human; only service users have personal access tokens", pointer: "/user")
        }
        if mint.client == nil, mint.user.machine == nil {
            throw Problem(
                .invalidBody, "app is missing, and there is no active app of type oidc that it could be",
                pointer: "/app")
        }
        if [.id, .refresh].contains(mint.type), mint.client == nil {
            throw Problem(
                .invalidBody, "app is missing, and there is no active app of type oidc that it could be",
                pointer: "/app")
        }
        if mint.client?.app.oidc == nil, mint.client != nil {
            throw Problem(
                .invalidBody, "app is an API app, which gets no tokens; expected an app of type oidc", pointer: "/app")
        }
        guard let defect = mint.defect else { return }
        let isOpaque = mint.format == .bearer || [.pat, .refresh].contains(mint.type)
        if defect.needsJWT, isOpaque {
            throw Problem(
                .invalidBody, "an opaque token cannot have the defect \(defect.rawValue); use format jwt",
                pointer: "/defect")
        }
        let ofAccessTokens: [TokenDefect] = [
            .revoked, .superseded, .userInactiveAfterIssue, .otherProject, .noAudience,
        ]
        let isPossible =
            switch mint.type {
            case .access: true
            case .id: !ofAccessTokens.contains(defect)
            case .refresh: [.expired, .tampered].contains(defect)
            case .pat: [.expired, .tampered, .revoked].contains(defect)
            }
        guard isPossible else {
            throw Problem(
                .invalidBody, "a token of type \(mint.type.rawValue) cannot have the defect \(defect.rawValue)",
                pointer: "/defect")
        }
    }

    // MARK: Explain

    private static func explain(_ request: ControlRequest) throws -> ControlReply {
        let body = request.checkedBody
        let explainer = Explainer(request.context)
        let explanation: Explanation
        if let token = body.text("token") {
            explanation = try explainer.explain(token: token, caller: try body.text("caller").map(request.client))
        } else if let assertion = body.text("assertion") {
            explanation = try explainer.explain(assertion: assertion)
        } else {
            explanation = try explainer.explain(authorization: body.text("authorization") ?? "")
        }
        var object: JSONObject = [
            "verdict": .string(explanation.verdict.rawValue), "subject": .string(explanation.subject),
        ]
        object.append("reason", explanation.rejection.map { .string($0.reason.rawValue) } ?? .null)
        object.append(
            "checks",
            .array(
                explanation.checks.map {
                    .object([
                        "check": .string($0.name.rawValue), "result": .string($0.passed ? "passed" : "failed"),
                        "expected": .string($0.expected), "found": .string($0.found),
                    ])
                }))
        object.append("advice", explanation.rejection.map { .string($0.detail) } ?? .null)
        return .ok(object)
    }
}
