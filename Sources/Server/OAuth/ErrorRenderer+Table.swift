import OAuth
import Provider

extension ErrorRenderer {
    /// The table of refusals: every reason with its answers. It has no `default`, so that a new reason does not compile before its answers are given.
    func rendering(of rejection: Rejection) -> ErrorRendering {
        let value = rejection.value
        if rejection.isOfGrantAssertion {
            let server: ErrorRendering =
                behavior.rejectedGrantAssertionIsServerError
                ? .internalError : .server(.invalidGrant, "invalid assertion")
            return server.documented(.invalidGrant)
        }
        switch rejection.reason {
        // The token of an introspection or userinfo request
        case .tokenMalformed, .tokenUnknown, .tokenSignature, .tokenIssuer, .tokenExpired, .tokenRevoked,
            .tokenSuperseded, .userInactive, .patExpired, .notAnAccessToken:
            return Self.rejectedAtUserInfo(
                .internalError, isUserUnknown: rejection.variant == .organizationRemoved
            ).documented(.invalidToken, at: .userInfo)
        case .sessionTerminated where rejection.variant == .ofDeviceCode,
            .userNotActive where rejection.variant == .ofDeviceCode:
            return Self.grant(.invalidGrant, nil)
        case .sessionTerminated:
            return Self.rejectedAtUserInfo(.server(.invalidRequest, "Errors.Session.Terminated"))
                .documented(.invalidToken).documented(.invalidGrant, at: .token)
        case .accessTokenMissing:
            return .server(.invalidRequest, "access token missing", status: 401).documented(.invalidToken)
        // Introspection answers these with {"active":false}.
        case .audienceEmpty, .audienceMismatch: return .internalError

        // Parsing
        case .formUnreadable: return .server(.invalidRequest, "error parsing form")
        case .basicUndecodable: return Self.client("invalid basic auth header")
        case .assertionType: return .server(.invalidRequest, "invalid client_assertion_type \(value)")
        case .credentialsMissing:
            return .server(.invalidRequest, "client_id or client_assertion must be provided").documented(.invalidClient)
        case .tokenMissing, .parameterMissing, .grantTypeMissing: return .server(.invalidRequest, "\(value) missing")
        case .textWithNUL:
            return .server(.serverError, rejection.variant == .inToken ? nil : "Errors.Internal")
                .server(at: .introspection, .inactiveToken).documented(.invalidRequest).alwaysReturnedToApp()

        // Client authentication
        case .clientUnauthenticated: return Self.client("client must be authenticated")
        case .clientUnknown, .clientInactive: return Self.clientOfIntrospection("no active client not found")
        case .noSecret, .badSecret: return Self.clientOfIntrospection("invalid secret")
        case .secretMissing: return Self.client("empty client secret")
        case .clientAssertionMissing: return Self.client("empty client assertion")
        case .assertionUnparsable: return Self.client(nil).server(at: .introspection, .inactiveToken)
        case .assertionAudience, .assertionExpired, .assertionIssuedAtMissing, .assertionIssuedAtFuture,
            .assertionIssuedAtOld, .assertionSubject, .assertionAlgorithm, .keyUnknown, .keyExpired,
            .assertionSignature:
            return Self.clientOfIntrospection("invalid assertion")
        case .userUnknown: return Self.client("client not found")
        case .userHasNoSecret: return Self.serviceUser("Errors.User.Machine.Secret.NotExisting")
        case .userBadSecret: return Self.serviceUser("Errors.User.Machine.Secret.Invalid")
        case .notIssuedForClient:
            return .server(.invalidClient, "token was not issued for this client", status: 401)
                .documented(.unauthorizedClient)

        // Token endpoint
        case .grantTypeUnknown: return .server(.unsupportedGrantType, "\(value) not supported")
        case .grantNotAllowed: return .server(.unauthorizedClient, "grant_type \(goQuoted(value)) not allowed")
        case .scopeMissing:
            return .server(
                .invalidRequest, Self.missing("scope of your request is missing", "some scopes are requested"))
        case .scopeNotGranted: return .server(.invalidScope)
        case .userNotActive: return Self.grant(.invalidRequest, "Errors.User.NotActive")
        case .codeInvalid: return Self.grant(.invalidRequest, "Errors.User.Code.Invalid")
        case .codeUnknown: return Self.grant(.invalidRequest, "Errors.AuthRequest.NotFound", status: 404)
        case .codeUsed, .codeExpired: return Self.grant(.invalidRequest, "Errors.AuthRequest.NoCode")
        case .codeOfOtherClient: return Self.grant(.invalidClient, Self.otherClient)
        case .verifierUnexpected: return Self.grant(.invalidRequest, "code_verifier unexpectedly provided")
        case .verifierMissing:
            return Self.grant(
                .invalidRequest,
                behavior.reportsVerifierAsChallenge
                    ? "code_challenge required" : "code_verifier required")
        case .verifierWrong:
            return Self.grant(
                .invalidGrant, behavior.reportsVerifierAsChallenge ? "invalid code challenge" : "invalid code_verifier")
        case .redirectURIDiffers: return Self.grant(.invalidGrant, "redirect_uri does not correspond")
        case .refreshTokenInvalid: return Self.grant(.invalidRequest, "Errors.User.RefreshToken.Invalid")
        case .refreshTokenRotated, .refreshTokenRevoked, .refreshTokenExpired:
            return Self.grant(.invalidRequest, "Errors.OIDCSession.RefreshTokenInvalid")
        case .refreshTokenOfOtherClient:
            return Self.grant(.invalidClient, "client_id does not correspond to the client_id in the refresh token")
        case .deviceCodeUnknown:
            return behavior.unknownDeviceCodeIsOfOtherClient
                ? Self.grant(.invalidClient, Self.otherClient) : Self.grant(.invalidGrant, nil)
        case .deviceCodeUsed: return Self.grant(.invalidGrant, nil)
        case .devicePending: return .server(.authorizationPending, Self.pending)
        case .deviceDenied: return .server(.accessDenied, "The authorization request was denied.")
        case .deviceCodeExpired: return .server(.expiredToken, "The \"device_code\" has expired.")
        case .deviceFlowOfServiceUser:
            return .server(.unauthorizedClient, "Errors.Project.NotFound").documented(.unauthorizedClient)
                .server(at: .deviceAuthorization, Self.query("QUERY-yxTMh", "Errors.Project.NotFound"))

        // Token exchange
        case .tokenTypeUnknown: return .server(.invalidRequest, "\(value) is not supported")
        case .resourceUnsupported: return .server(.invalidTarget, "resource parameter not supported")
        case .subjectTokenInvalid: return .server(.invalidRequest, "subject_token invalid")
        case .actorTokenInvalid: return .server(.invalidRequest, "actor_token invalid")
        case .impersonationOff:
            return .server(.invalidRequest, "Errors.TokenExchange.Impersonation.PolicyDisabled", status: 403)
        case .impersonationForbidden: return .server(.invalidRequest, "Errors.PermissionDenied", status: 403)
        case .impersonationWithoutMembership: return .server(.invalidRequest, "membership not found", status: 404)
        case .subjectUserInactive:
            return .server(.invalidRequest, "Errors.User.NotFound", status: 404).documented(.invalidRequest)
        case .exchangeAudience:
            return .server(.invalidTarget, "audience \(goQuoted(value)) not found in subject or actor token")
        case .exchangeScope:
            return .server(.invalidScope, "scope \(goQuoted(value)) not found in subject or actor token")
        case .requestedTokenType: return .server(.invalidRequest, "Errors.TokenExchange.Token.TypeNotSupported")

        // Authorization endpoint
        case .parameterUndecodable: return .server(.invalidRequest, "error decoding form")
        case .requestObject:
            let isServerError =
                behavior.badRequestObjectIsServerError && rejection.variant == .notAJWT
            return .server(isServerError ? .serverError : .invalidRequest, Self.requestObject(rejection))
                .documented(.invalidRequestObject)
        case .requestObjectUnreadable: return .server(.serverError, value).documented(.invalidRequestObject)
        case .requestObjectUnsupported:
            return .server(.serverError, Self.crash).documented(.invalidRequestObject).recovered()
        case .clientIDMissing: return .server(.invalidRequest, "auth request is missing client_id")
        case .appUnknown: return .server(.invalidRequest, "Errors.App.NotFound")
        case .redirectURIMissing:
            return .server(.serverError, "auth request is missing redirect_uri").documented(.invalidRequest)
        case .redirectURIUndecodable:
            return .server(
                .invalidRequest, Self.missing("redirect_uri is missing in the request", "it is added to the request"))
        case .redirectURIUnknown:
            return .server(
                .invalidRequest, "The requested redirect_uri is missing in the client configuration. \(Self.contact)")
        case .redirectURIPlain:
            return .server(.invalidRequest, "This client's redirect_uri is http and is not allowed. \(Self.contact)")
        case .redirectURIScheme:
            return .server(
                .invalidRequest,
                "This client's redirect_uri is using a custom schema and is not allowed. \(Self.contact)")
        case .promptConflict:
            return .server(.invalidRequest, "The prompt parameter `none` must only be used as a single value")
        case .responseTypeMissing:
            return .server(.invalidRequest, "The response type is missing in your request. \(Self.contact)")
        case .responseTypeNotAllowed:
            return .server(
                .unauthorizedClient,
                "The requested response type is missing in the client configuration. \(Self.contact)")
        case .idTokenHint:
            return .server(.loginRequired, "The id_token_hint is invalid. \(Self.contact)")
                .server(at: .endSession, Self.hintAtLogout(rejection.variant)).documented(
                    .invalidRequest, at: .endSession)
        case .organizationUnknown:
            return .server(.invalidRequest, "Errors.Org.NotFound").documented(.invalidRequest).alwaysReturnedToApp()
                .server(
                    at: .deviceAuthorization,
                    rejection.variant == .unknownOrganizationID
                        ? ErrorResponse(.serverError, "ID=QUERY-leq5Q Message=Errors.Org.NotFound")
                        : Self.query("QUERY-iTTGJ", "Errors.Org.NotFound"))
        case .organizationAmbiguous:
            let text = "Only one organization scope may be provided"
            return .server(.invalidScope, text).documented(.invalidScope).alwaysReturnedToApp()
                .server(at: .deviceAuthorization, ErrorResponse(.invalidScope, text, status: 500))

        // Logout
        case .hintOfOtherClient: return .server(.invalidRequest, "client_id does not match azp of id_token_hint")
        case .logoutURIUnknown: return .server(.invalidRequest, "post_logout_redirect_uri invalid")

        // Test double
        case .loginAsUnknown: return .server(.invalidRequest, "Mock-Login-As names nobody")
        case .fault: return Self.injected(rejection.variant)

        // Shown by a page, or rendered by the callback to the app
        case .authRequestUnknown, .loginRequired, .signInDenied, .passwordWrong, .passwordMissing, .userNotHuman,
            .userOfOtherOrganization, .grantRequired, .projectRequired, .formForged:
            return .internalError
        // Answered in plain text or JSON of the gateway
        case .hostUnknown, .instanceUnknown, .pathUnclean, .pathUnknown, .methodNotAllowed: return .internalError
        case .serverFailure: return .internalError.alwaysReturnedToApp()
        }
    }
}
