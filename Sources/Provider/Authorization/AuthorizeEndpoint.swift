public import Model
import OAuth

/// `/oauth/v2/authorize` (RFC 6749 section 4.1.1): checks a request, keeps it, and sends the browser to sign in.
public struct AuthorizeEndpoint: Sendable {
    private let instance: Instance

    public init(_ instance: Instance) {
        self.instance = instance
    }

    /// A request that passed all checks, and the path at which a person answers it.
    public struct Accepted: Sendable {
        public let request: AuthRequest
        public let signInPath: String
        public let warnings: [Warning]
    }

    /// - Throws: `Refusal`, with a callback when the app may be told; other errors when the server fails.
    public func authorize(_ request: OAuthRequest) throws -> Accepted {
        let directory = instance.directory
        var parameters = AuthorizationParameters(request.form)
        do {
            try parameters.settle(directory, issuer: request.issuer)
            return try accept(parameters, request, directory)
        } catch let refusal as Refusal where refusal.reason != .idTokenHint {
            // An older server that minds the hint tells whoever is there, and so does whoever follows it.
            throw refusal.returning(to: callback(parameters, directory))
        } catch  where !(error is Refusal) {
            let failure = Refusal(.serverFailure, "the server failed; its log says why", cause: "\(error)")
            throw failure.returning(to: callback(parameters, directory))
        }
    }

    /// Where the app awaits an answer, if app and address are known good.
    private func callback(_ parameters: AuthorizationParameters, _ directory: Directory) -> Callback? {
        guard let client = directory.client(id: parameters.clientID), client.inactiveLevel == nil,
            let settings = client.app.oidc, !parameters.redirectURI.isEmpty,
            (try? RedirectURIPolicy(app: client.app, settings: settings).check(
                parameters.redirectURI, for: parameters.responseType)) != nil
        else { return nil }
        let isAllowed = settings.responseTypes.contains(parameters.responseType)
        let mode = isAllowed ? parameters.mode : ResponseMode(rawValue: parameters.responseMode) ?? .query
        return Callback(redirectURI: parameters.redirectURI, mode: mode, state: parameters.state)
    }

    // MARK: Checks, in the order of the real server

    private func accept(
        _ parameters: AuthorizationParameters, _ request: OAuthRequest, _ directory: Directory
    ) throws -> Accepted {
        let (client, settings) = try client(parameters, directory)
        guard !parameters.redirectURI.isEmpty else {
            throw Refusal(
                .redirectURIMissing,
                "redirect_uri is missing; app \"\(client.app.name)\" has \(settings.redirectUris.shownList)")
        }
        guard !parameters.prompts.contains("none") || parameters.prompts.count == 1 else {
            throw Refusal(
                .promptConflict, "prompt is \"\(parameters.prompts.joined(separator: " ").shown)\"; none stands alone")
        }
        guard let requested = parameters.scopes else {
            throw Refusal(.scopeMissing, "the parameter scope is missing; send at least scope=openid")
        }
        try RedirectURIPolicy(app: client.app, settings: settings).check(
            parameters.redirectURI, for: parameters.responseType)
        try check(parameters.responseType, client, settings)
        let hint = try hint(parameters, request)
        let policy = ScopePolicy(of: client.project, unknownScopes: instance.settings.unknownScopes)
        let scopes = policy.filter(requested)
        var accepted = AuthRequest()
        accepted.id = (instance.facts.hasLoginV2 ? "V2_" : "") + instance.effects.newID()
        accepted.clientID = client.app.clientID
        accepted.redirectURI = parameters.redirectURI
        accepted.responseType = parameters.responseType
        accepted.responseMode = parameters.mode
        accepted.scopes = scopes.granted
        accepted.state = parameters.state
        accepted.nonce = parameters.nonce
        accepted.codeChallenge = parameters.codeChallenge
        accepted.codeChallengeMethod = parameters.codeChallengeMethod
        accepted.prompts = parameters.prompts
        accepted.maxAge = parameters.maxAge
        accepted.loginHint = parameters.loginHint
        accepted.hintedUserID = hint?.subject ?? ""
        accepted.issuer = request.issuer
        accepted.creation = instance.effects.now().seconds
        try instance.storage.insert(accepted)
        let path =
            instance.facts.hasLoginV2
            ? "/ui/v2/login/login?authRequest=\(accepted.id)" : "/ui/login/login?authRequestID=\(accepted.id)"
        return Accepted(
            request: accepted, signInPath: path,
            warnings: scopes.warnings + warnings(parameters, client, settings, scopes.granted))
    }

    private func client(
        _ parameters: AuthorizationParameters, _ directory: Directory
    ) throws(Refusal) -> (Client, OIDCSettings) {
        let id = parameters.clientID
        guard !id.isEmpty else {
            throw Refusal(.clientIDMissing, "client_id is missing; `mock-zitadel seed check --print` lists the apps")
        }
        guard let client = directory.client(id: id) else {
            throw Refusal(.appUnknown, ClientAuthenticator.unknownClient(id, directory))
        }
        guard let settings = client.app.oidc else {
            throw Refusal(
                .appUnknown, "\(id) is the API app \"\(client.app.name)\"; people sign in to apps of type oidc")
        }
        if let level = client.inactiveLevel {
            throw Refusal(.appUnknown, "app \"\(client.app.name)\" is inactive, or its \(level) is")
        }
        return (client, settings)
    }

    private func check(_ responseType: String, _ client: Client, _ settings: OIDCSettings) throws(Refusal) {
        guard !responseType.isEmpty else {
            throw Refusal(.responseTypeMissing, "response_type is missing; send response_type=code")
        }
        guard settings.responseTypes.contains(responseType) else {
            throw Refusal(
                .responseTypeNotAllowed,
                "response_type is \"\(responseType.shown)\"; app \"\(client.app.name)\" has \(settings.responseTypes.shownList) (responseTypes in the seed)"
            )
        }
    }

    /// Newer servers ignore a hint that is not genuine, older ones refuse it.
    private func hint(_ parameters: AuthorizationParameters, _ request: OAuthRequest) throws -> IDTokenHint? {
        guard !parameters.idTokenHint.isEmpty else { return nil }
        do {
            return try IDTokenHint(parameters.idTokenHint, instance: instance, issuer: request.issuer)
        } catch let refusal as Refusal {
            guard instance.facts.refusesBadIDTokenHint else { return nil }
            throw refusal
        }
    }

    private func warnings(
        _ parameters: AuthorizationParameters, _ client: Client, _ settings: OIDCSettings, _ scopes: [String]
    ) -> [Warning] {
        var warnings: [Warning] = []
        if client.app.authMethod == .none, parameters.responseType == "code", parameters.codeChallenge.isEmpty {
            warnings.append(
                Warning(
                    "no-pkce",
                    "app \"\(client.app.name)\" has no secret and sent no code_challenge: its codes can be stolen"))
        }
        if !scopes.contains(Scope.openID) {
            warnings.append(Warning("no-openid", "without the scope openid there is no ID token"))
        }
        if scopes.contains(Scope.offlineAccess), !settings.grantTypes.contains(GrantType.refreshToken.rawValue) {
            warnings.append(
                Warning(
                    "no-refresh-grant",
                    "there will be no refresh token: app \"\(client.app.name)\" lacks refresh_token in its grantTypes"))
        }
        return warnings
    }
}
