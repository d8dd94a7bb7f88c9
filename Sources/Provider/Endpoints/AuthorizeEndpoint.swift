import Encodings
public import Model
import OAuth
import Storage

/// `/oauth/v2/authorize` (RFC 6749 section 4.1.1): checks a request, keeps it, and sends the browser to sign in.
public struct AuthorizeEndpoint {
    private let context: RequestContext

    public init(_ context: RequestContext) {
        self.context = context
    }

    /// A request that passed all checks, and the path at which a user answers it.
    public struct Accepted: Sendable {
        public let request: AuthRequest
        public let signInPath: String
    }

    /// - Throws: `Rejection`, with a callback when the app may get the error; other errors when the server fails.
    public func authorize() throws -> Accepted {
        let resourceIndex = context.resourceIndex
        var parameters = AuthorizationParameters(context.form)
        context.trace.client = parameters.clientID.isEmpty ? nil : parameters.clientID
        do {
            try parameters.applyRequestObject(
                resourceIndex, issuer: context.issuer, isVerified: context.dialect == .documented)
            return try accept(parameters, resourceIndex)
        } catch let rejection as Rejection where rejection.reason != .idTokenHint {
            // Recorded: an older server that checks the hint shows the error to the user.
            throw rejection.returning(to: callback(parameters, resourceIndex))
        } catch  where !(error is Rejection) {
            let failure = Rejection(.serverFailure, "the server failed; its log says why", cause: .failure("\(error)"))
            throw failure.returning(to: callback(parameters, resourceIndex))
        }
    }

    /// Where the app awaits an answer to this request, whatever else is wrong with it; nil if app or address are not known good.
    public func callback() -> Callback? { callback(AuthorizationParameters(context.form), context.resourceIndex) }

    /// Where the app awaits an answer, if app and address are known good.
    private func callback(_ parameters: AuthorizationParameters, _ resourceIndex: ResourceIndex) -> Callback? {
        guard let client = resourceIndex.client(id: parameters.clientID), client.inactiveLevel == nil,
            let settings = client.app.oidc, !parameters.redirectURI.isEmpty,
            (try? RedirectURIPolicy(app: client.app, settings: settings).check(
                parameters.redirectURI, for: ResponseType(rawValue: parameters.responseType))) != nil
        else { return nil }
        let isAllowed = allowed(parameters, settings) != nil
        return Callback(
            redirectURI: parameters.redirectURI, mode: mode(parameters, isAllowed: isAllowed), state: parameters.state)
    }

    /// How the answer travels: as asked for, or else by query for a code and by fragment for tokens. A mode that is unknown is ignored, and so is `form_post`
    /// where answers are made by an interface that only knows addresses.
    private func mode(_ parameters: AuthorizationParameters, isAllowed: Bool = true) -> ResponseMode {
        let asked = ResponseMode(rawValue: parameters.responseMode)
        if let asked, asked != .formPost || context.postsForms { return asked }
        return isAllowed && parameters.responseType != ResponseType.code.rawValue ? .fragment : .query
    }

    // MARK: Checks, in the order of the real server

    private func accept(
        _ parameters: AuthorizationParameters, _ resourceIndex: ResourceIndex
    ) throws -> Accepted {
        let (client, settings) = try client(parameters, resourceIndex)
        let requested = try requiredScopes(parameters, client.app, settings)
        try RedirectURIPolicy(app: client.app, settings: settings).check(
            parameters.redirectURI, for: ResponseType(rawValue: parameters.responseType))
        let responseType = try responseType(parameters, client, settings)
        let hint = try hint(parameters)
        for text in parameters.texts { try refuseNUL(in: text, of: "a parameter") }
        if context.behavior.checksOrganizationScopes { try OrganizationScopes.check(requested, context.resourceIndex) }
        let policy = ScopePolicy(of: client.project, context.snapshot)
        let scopes = policy.filter(requested)
        var accepted = request(parameters, of: client)
        accepted.responseType = responseType
        accepted.scopes = scopes.granted
        accepted.hintedUserID = hint?.subject ?? ""
        try context.storage.insert(accepted)
        context.trace.warn(scopes.warnings)
        warn(accepted, client, settings)
        warnOfEncoding(parameters.redirectURI)
        warnOfIgnored(parameters)
        return Accepted(request: accepted, signInPath: signInPath(accepted))
    }

    /// - Throws: `Rejection` when a parameter is missing, or `prompt` contradicts itself.
    private func requiredScopes(
        _ parameters: AuthorizationParameters, _ app: App, _ settings: OIDCSettings
    ) throws(Rejection) -> [String] {
        guard !parameters.redirectURI.isEmpty else {
            throw Rejection(
                .redirectURIMissing,
                "redirect_uri is missing; app \"\(app.name)\" has \(settings.redirectUris.quotedList)\(context.misspelling(of: "redirect_uri"))"
            )
        }
        guard !parameters.prompts.contains(Prompt.none.rawValue) || parameters.prompts.count == 1 else {
            throw Rejection(
                .promptConflict,
                "prompt is \"\(parameters.prompts.joined(separator: " ").truncated)\"; none must be the only value")
        }
        guard let scopes = parameters.scopes else {
            throw Rejection(.scopeMissing, "the parameter scope is missing; send at least scope=openid")
        }
        return scopes
    }

    /// The request with what follows from its parameters alone.
    private func request(_ parameters: AuthorizationParameters, of client: Client) -> AuthRequest {
        var request = AuthRequest()
        request.id = (context.behavior.hasLoginV2 ? "V2_" : "") + context.newID()
        request.clientID = client.app.clientID
        request.redirectURI = parameters.redirectURI
        request.responseMode = mode(parameters)
        request.state = parameters.state
        request.nonce = parameters.nonce
        request.codeChallengeMethod = CodeChallengeMethod(parameter: parameters.codeChallengeMethod)
        request.codeChallenge = PKCE.kept(parameters.codeChallenge, method: request.codeChallengeMethod)
        request.prompts = parameters.prompts.compactMap(Prompt.init)
        request.maxAge = parameters.maxAge
        request.loginHint = parameters.loginHint
        request.issuer = context.issuer
        request.creation = context.now.seconds
        return request
    }

    private func signInPath(_ request: AuthRequest) -> String {
        context.behavior.hasLoginV2
            ? "\(PagePath.signIn)?authRequest=\(request.id)" : "\(PagePath.signInV1)?authRequestID=\(request.id)"
    }

    private func client(
        _ parameters: AuthorizationParameters, _ resourceIndex: ResourceIndex
    ) throws(Rejection) -> (Client, OIDCSettings) {
        let id = parameters.clientID
        guard !id.isEmpty else {
            throw Rejection(
                .clientIDMissing,
                "client_id is missing; `mock-zitadel seed check --print` lists the apps\(context.unreadBody)\(context.misspelling(of: "client_id"))"
            )
        }
        try refuseNUL(in: id, of: "the client id")
        return try context.signInClient(id: id)
    }

    /// The response type that was asked for, if the app has it.
    private func allowed(_ parameters: AuthorizationParameters, _ settings: OIDCSettings) -> ResponseType? {
        ResponseType(rawValue: parameters.responseType).flatMap { settings.responseTypes.contains($0) ? $0 : nil }
    }

    private func responseType(
        _ parameters: AuthorizationParameters, _ client: Client, _ settings: OIDCSettings
    ) throws(Rejection) -> ResponseType {
        let name = parameters.responseType
        guard !name.isEmpty else {
            throw Rejection(.responseTypeMissing, "response_type is missing; send response_type=code")
        }
        guard let type = allowed(parameters, settings) else {
            throw Rejection(
                .responseTypeNotAllowed,
                "response_type is \"\(name.truncated)\"; app \"\(client.app.name)\" has \(settings.responseTypes.map(\.rawValue).quotedList) (responseTypes in the seed)\(Self.hint(name, settings.responseTypes))"
            )
        }
        return type
    }

    /// Which of the app's response types was probably meant: the words of one may be in any order, but not here.
    private static func hint(_ name: String, _ types: [ResponseType]) -> String {
        let words = { (text: String) in text.split(separator: " ").sorted() }
        let sent = name.utf8.count <= 200 ? words(name) : []
        let names = types.map(\.rawValue)
        let meant = names.first { words($0) == sent } ?? Similarity.nearest(to: name, in: names)
        return meant.map { "; did you mean \($0)?" } ?? ""
    }

    /// Newer servers ignore a hint that is not genuine, older ones refuse it.
    private func hint(_ parameters: AuthorizationParameters) throws -> IDTokenHint? {
        guard !parameters.idTokenHint.isEmpty else { return nil }
        do {
            return try IDTokenHint(parameters.idTokenHint, context)
        } catch let rejection as Rejection {
            guard context.behavior.refusesBadIDTokenHint else { return nil }
            let newest = ServerVersion.of2026July.rawValue
            context.trace.warn(
                .oldServerVersion,
                "only older servers answer so; \(newest) ignores an id_token_hint that is not genuine")
            throw rejection
        }
    }

    /// Warns of a redirect URI that is the app's only after it was decoded once more.
    private func warnOfEncoding(_ sent: String) {
        guard let decoded = PercentEncoding.formDecoded(Array(sent.utf8)), !decoded.hasSameBytes(as: sent) else {
            return
        }
        context.trace.warn(
            .redirectURIEncoded,
            "redirect_uri \"\(sent.truncated)\" was compared as \"\(decoded.truncated)\", but the answer goes to what was sent; \(decoded.utf8.contains(UInt8(ascii: "%")) ? "register an address without escapes" : "encode it once only")"
        )
    }

    /// Warns of values that count as not sent because nothing knows them.
    private func warnOfIgnored(_ parameters: AuthorizationParameters) {
        context.warnOfAudience()
        if context.form.last("request_uri")?.isEmpty == false {
            context.trace.warn(
                .parameterIgnored,
                "request_uri is ignored; send the parameters themselves, or a request object in request")
        }
        func check<Value: RawRepresentable<String> & CaseIterable>(_ name: String, _ text: String, _: Value.Type) {
            guard !text.isEmpty, Value(rawValue: text) == nil else { return }
            let hint = text.hint(among: Value.allCases.map(\.rawValue))
            context.trace.warn(.parameterIgnored, "\(name) \"\(text.truncated)\" is unknown and ignored\(hint)")
        }
        check("response_mode", parameters.responseMode, ResponseMode.self)
        if let prompt = parameters.prompts.first(where: { Prompt(rawValue: $0) == nil && $0 != "consent" }) {
            check("prompt", prompt, Prompt.self)
        }
        if !parameters.codeChallenge.isEmpty {
            check("code_challenge_method", parameters.codeChallengeMethod, CodeChallengeMethod.self)
        }
    }

    private func warn(_ request: AuthRequest, _ client: Client, _ settings: OIDCSettings) {
        if client.app.authMethod == .none, request.responseType == .code, request.codeChallenge.isEmpty {
            context.trace.warn(
                .noPKCE,
                "app \"\(client.app.name)\" has no secret and sent no code_challenge: its codes can be stolen")
        }
        if !request.codeChallenge.isEmpty, !PKCE.isPossible(challenge: request.codeChallenge) {
            context.trace.warn(
                .impossibleChallenge,
                "code_challenge has \(request.codeChallenge.utf8.count) characters, and that of S256 is the unpadded base64url of 32 bytes, which has 43: no code_verifier fits"
            )
        }
        if !request.scopes.contains(Scope.openID) {
            context.trace.warn(
                .noOpenID, "without the scope openid there is no ID token")
        }
        if request.scopes.contains(Scope.offlineAccess), !settings.grantTypes.contains(.refreshToken) {
            context.trace.warn(
                .noRefreshGrant,
                "there will be no refresh token: app \"\(client.app.name)\" lacks refresh_token in its grantTypes")
        }
    }
}
