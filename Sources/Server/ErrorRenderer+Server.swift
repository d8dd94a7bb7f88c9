import Encodings
import Provider

/// What the server does, in its own words and quirks.
extension ErrorRenderer {
    static let missingScope =
        "The scope of your request is missing. Please ensure some scopes are requested. If you have any questions, you may contact the administrator of the application."

    func server(_ rejection: Rejection, _ endpoint: Endpoint) -> Answer {
        func bad(_ error: String, _ description: String? = nil) -> Answer { Self.bad(error, description) }
        if rejection.isOfGrantAssertion {
            return behavior.rejectedGrantAssertionIsServerError
                ? Answer(status: 500, error: "server_error", description: "Errors.Internal")
                : bad("invalid_grant", "invalid assertion")
        }
        if case .userInfo = endpoint, rejection.isAboutToken {
            let isNobody = rejection.value == Rejection.organizationRemoved
            return Answer(
                status: 401, error: "access_denied", description: isNobody ? "no active user" : "access token invalid")
        }
        if case .endSession = endpoint, rejection.reason == .idTokenHint {
            return switch rejection.value {
            case IDTokenHint.unknownKey:
                Answer(status: 404, error: "invalid_request", description: "Errors.WebKey.NotFound")
            case IDTokenHint.badSignature:
                Answer(status: 500, error: "server_error", description: "Errors.Internal")
            default: bad("invalid_request", "id_token_hint invalid")
            }
        }
        if case .introspection = endpoint, let answer = introspection(rejection) { return answer }
        if case .deviceAuthorization = endpoint, let answer = deviceAuthorization(rejection) { return answer }
        switch rejection.reason {
        case .formUnreadable: return bad("invalid_request", "error parsing form")
        case .basicUndecodable: return bad("invalid_client", "invalid basic auth header")
        case .credentialsMissing: return bad("invalid_request", "client_id or client_assertion must be provided")
        case .assertionType: return bad("invalid_request", "invalid client_assertion_type \(rejection.value)")
        case .clientUnauthenticated: return bad("invalid_client", "client must be authenticated")
        case .tokenMissing, .parameterMissing, .grantTypeMissing:
            return bad("invalid_request", "\(rejection.value) missing")
        case .clientUnknown, .clientInactive: return bad("invalid_client", "no active client not found")
        case .noSecret, .badSecret: return bad("invalid_client", "invalid secret")
        case .secretMissing: return bad("invalid_client", "empty client secret")
        case .clientAssertionMissing: return bad("invalid_client", "empty client assertion")
        case .assertionUnparsable: return bad("invalid_client")
        case .grantTypeUnknown: return bad("unsupported_grant_type", "\(rejection.value) not supported")
        case .grantNotAllowed: return bad("unauthorized_client", "grant_type \(goQuoted(rejection.value)) not allowed")
        case .scopeMissing: return bad("invalid_request", Self.missingScope)
        case .userUnknown: return bad("invalid_client", "client not found")
        case .userHasNoSecret: return bad("invalid_request", "Errors.User.Machine.Secret.NotExisting")
        case .userBadSecret: return bad("invalid_request", "Errors.User.Machine.Secret.Invalid")
        case .userNotActive: return bad("invalid_request", "Errors.User.NotActive")
        case .notIssuedForClient:
            return Answer(status: 401, error: "invalid_client", description: "token was not issued for this client")
        case .textWithNUL:
            return Answer(
                status: 500, error: "server_error", description: rejection.value.isEmpty ? "Errors.Internal" : nil)
        case .fault: return bad("invalid_request", "injected by a fault of the test double")
        case .accessTokenMissing:
            return Answer(status: 401, error: "invalid_request", description: "access token missing")
        case let reason where reason.rejectsAssertion: return bad("invalid_client", "invalid assertion")
        default:
            return personGrant(rejection) ?? exchange(rejection) ?? authorization(rejection)
                ?? Answer(status: 500, error: "server_error", description: "Errors.Internal")
        }
    }

    /// Codes, refresh tokens, device codes.
    private func personGrant(_ rejection: Rejection) -> Answer? {
        let foreign = "client_id does not correspond to the client_id in the authorization request"
        return switch rejection.reason {
        case .codeInvalid: Self.bad("invalid_request", "Errors.User.Code.Invalid")
        case .codeUnknown: Answer(status: 404, error: "invalid_request", description: "Errors.AuthRequest.NotFound")
        case .codeUsed, .codeExpired: Self.bad("invalid_request", "Errors.AuthRequest.NoCode")
        case .codeOfOtherClient: Self.bad("invalid_client", foreign)
        case .sessionTerminated: Self.bad("invalid_request", "Errors.Session.Terminated")
        case .verifierUnexpected: Self.bad("invalid_request", "code_verifier unexpectedly provided")
        case .verifierMissing: Self.bad("invalid_request", behavior.verifierTexts.missing)
        case .verifierWrong: Self.bad("invalid_grant", behavior.verifierTexts.wrong)
        case .redirectURIDiffers: Self.bad("invalid_grant", "redirect_uri does not correspond")
        case .refreshTokenInvalid: Self.bad("invalid_request", "Errors.User.RefreshToken.Invalid")
        case .refreshTokenRotated, .refreshTokenRevoked, .refreshTokenExpired:
            Self.bad("invalid_request", "Errors.OIDCSession.RefreshTokenInvalid")
        case .refreshTokenOfOtherClient:
            Self.bad("invalid_client", "client_id does not correspond to the client_id in the refresh token")
        case .scopeNotGranted: Self.bad("invalid_scope")
        case .deviceCodeUnknown:
            behavior.unknownDeviceCodeIsOfOtherClient ? Self.bad("invalid_client", foreign) : Self.bad("invalid_grant")
        case .devicePending:
            Self.bad(
                "authorization_pending",
                "The client SHOULD repeat the access token request to the token endpoint, after interval from device authorization response."
            )
        case .deviceDenied: Self.bad("access_denied", "The authorization request was denied.")
        case .deviceCodeExpired: Self.bad("expired_token", "The \"device_code\" has expired.")
        case .deviceCodeUsed: Self.bad("invalid_grant")
        default: nil
        }
    }

    /// Token exchange.
    private func exchange(_ rejection: Rejection) -> Answer? {
        switch rejection.reason {
        case .tokenTypeUnknown: Self.bad("invalid_request", "\(rejection.value) is not supported")
        case .resourceUnsupported: Self.bad("invalid_target", "resource parameter not supported")
        case .subjectTokenInvalid: Self.bad("invalid_request", "subject_token invalid")
        case .actorTokenInvalid: Self.bad("invalid_request", "actor_token invalid")
        case .impersonationOff:
            Answer(
                status: 403, error: "invalid_request",
                description: "Errors.TokenExchange.Impersonation.PolicyDisabled")
        case .impersonationWithoutMembership:
            Answer(status: 404, error: "invalid_request", description: "membership not found")
        case .subjectUserInactive:
            Answer(status: 404, error: "invalid_request", description: "Errors.User.NotFound")
        case .impersonationForbidden:
            Answer(status: 403, error: "invalid_request", description: "Errors.PermissionDenied")
        case .exchangeAudience:
            Self.bad("invalid_target", "audience \(goQuoted(rejection.value)) not found in subject or actor token")
        case .exchangeScope:
            Self.bad("invalid_scope", "scope \(goQuoted(rejection.value)) not found in subject or actor token")
        case .requestedTokenType: Self.bad("invalid_request", "Errors.TokenExchange.Token.TypeNotSupported")
        default: nil
        }
    }

    /// Authorization and logout.
    private func authorization(_ rejection: Rejection) -> Answer? {
        let contact = "If you have any questions, you may contact the administrator of the application."
        func serverError(_ description: String) -> Answer {
            Answer(status: 500, error: "server_error", description: description)
        }
        return switch rejection.reason {
        case .parameterUndecodable: Self.bad("invalid_request", "error decoding form")
        case .requestObject:
            behavior.badRequestObjectIsServerError && rejection.value.hasPrefix("parsing of request failed")
                ? serverError(rejection.value) : Self.bad("invalid_request", rejection.value)
        case .requestObjectUnreadable: serverError(rejection.value)
        case .requestObjectUnsupported:
            Answer(
                status: 500, error: "server_error",
                description:
                    "ID=RECOVER Message=Errors.Internal Parent=(OPStorage.GetKeyByIDAndClientID should not be called anymore. This is a bug. Please report https://github.com/zitadel/zitadel/issues)",
                isRecovered: true)
        case .clientIDMissing: Self.bad("invalid_request", "auth request is missing client_id")
        case .appUnknown: Self.bad("invalid_request", "Errors.App.NotFound")
        case .redirectURIMissing: serverError("auth request is missing redirect_uri")
        case .redirectURIUndecodable:
            Self.bad(
                "invalid_request",
                "The redirect_uri is missing in the request. Please ensure it is added to the request. " + contact)
        case .redirectURIUnknown:
            Self.bad("invalid_request", "The requested redirect_uri is missing in the client configuration. " + contact)
        case .redirectURIPlain:
            Self.bad("invalid_request", "This client's redirect_uri is http and is not allowed. " + contact)
        case .redirectURIScheme:
            Self.bad(
                "invalid_request", "This client's redirect_uri is using a custom schema and is not allowed. " + contact)
        case .organizationUnknown: Self.bad("invalid_request", "Errors.Org.NotFound")
        case .organizationAmbiguous: Self.bad("invalid_scope", "Only one organization scope may be provided")
        case .deviceFlowOfServiceUser: Self.bad("unauthorized_client", "Errors.Project.NotFound")
        case .promptConflict:
            Self.bad("invalid_request", "The prompt parameter `none` must only be used as a single value")
        case .responseTypeMissing:
            Self.bad("invalid_request", "The response type is missing in your request. " + contact)
        case .responseTypeNotAllowed:
            Self.bad(
                "unauthorized_client",
                "The requested response type is missing in the client configuration. " + contact)
        case .idTokenHint:
            Self.bad("login_required", "The id_token_hint is invalid. " + contact)
        case .hintOfOtherClient:
            Self.bad("invalid_request", "client_id does not match azp of id_token_hint")
        case .loginAsUnknown: Self.bad("invalid_request", "Mock-Login-As names nobody")
        case .logoutURIUnknown: Self.bad("invalid_request", "post_logout_redirect_uri invalid")
        default: nil
        }
    }

    /// What the device authorization endpoint passes through from within.
    private func deviceAuthorization(_ rejection: Rejection) -> Answer? {
        func failure(_ description: String) -> Answer {
            Answer(status: 500, error: "server_error", description: description)
        }
        return switch rejection.reason {
        case .organizationUnknown where rejection.value == "id":
            failure("ID=QUERY-leq5Q Message=Errors.Org.NotFound")
        case .organizationUnknown:
            failure("ID=QUERY-iTTGJ Message=Errors.Org.NotFound Parent=(sql: no rows in result set)")
        case .organizationAmbiguous:
            Answer(
                status: 500, error: "invalid_scope", description: "Only one organization scope may be provided")
        case .deviceFlowOfServiceUser:
            failure("ID=QUERY-yxTMh Message=Errors.Project.NotFound Parent=(sql: no rows in result set)")
        default: nil
        }
    }

    private static func bad(_ error: String, _ description: String? = nil) -> Answer {
        Answer(status: 400, error: error, description: description)
    }

    /// At introspection all that is wrong with the client looks the same, but for an assertion that is no JWT: that hides as an inactive token.
    private func introspection(_ rejection: Rejection) -> Answer? {
        switch rejection.reason {
        case .assertionUnparsable, .textWithNUL: Answer(status: 200)
        case .clientUnknown, .clientInactive, .noSecret, .badSecret: Answer(status: 400, error: "unauthorized_client")
        case let reason where reason.rejectsAssertion: Answer(status: 400, error: "unauthorized_client")
        default: nil
        }
    }
}
