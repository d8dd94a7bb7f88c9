/// Why a request was refused, or a token is inactive: the closed list of codes that stand in the log and in the header `Mock-Reason`.
public enum Reason: String, Sendable, CaseIterable {
    // The token of an introspection or userinfo request
    case tokenMalformed = "token_malformed"
    case tokenUnknown = "token_unknown"
    case tokenSignature = "token_signature"
    case tokenIssuer = "token_issuer"
    case tokenExpired = "token_expired"
    case tokenRevoked = "token_revoked"
    case tokenSuperseded = "token_superseded"
    case sessionTerminated = "session_terminated"
    case userInactive = "user_inactive"
    case audienceEmpty = "aud_empty"
    case audienceMismatch = "aud_mismatch"
    case patExpired = "pat_expired"
    case notAnAccessToken = "not_an_access_token"
    case tokenMissing = "token_missing"
    case accessTokenMissing = "access_token_missing"

    // Parsing
    case formUnreadable = "form_unreadable"
    case basicUndecodable = "basic_undecodable"
    case assertionType = "assertion_type"
    case credentialsMissing = "credentials_missing"

    // Client authentication
    case clientUnauthenticated = "client_unauthenticated"
    case clientUnknown = "client_unknown"
    case clientInactive = "client_inactive"
    case secretMissing = "secret_missing"
    case noSecret = "no_secret"
    case badSecret = "bad_secret"
    case clientAssertionMissing = "client_assertion_missing"
    case assertionUnparsable = "assertion_unparsable"
    case assertionAudience = "assertion_aud"
    case assertionExpired = "assertion_expired"
    case assertionIssuedAtMissing = "assertion_iat_missing"
    case assertionIssuedAtFuture = "assertion_iat_future"
    case assertionIssuedAtOld = "assertion_iat_old"
    case assertionSubject = "assertion_sub"
    case assertionAlgorithm = "assertion_alg"
    case keyUnknown = "kid_unknown"
    case keyExpired = "kid_expired"
    case assertionSignature = "assertion_signature"

    // Token endpoint
    case grantTypeMissing = "grant_type_missing"
    case grantTypeUnknown = "grant_type_unknown"
    case grantNotAllowed = "grant_not_allowed"
    case parameterMissing = "parameter_missing"
    case scopeMissing = "scope_missing"
    case userUnknown = "user_unknown"
    case userHasNoSecret = "user_no_secret"
    case userBadSecret = "user_bad_secret"
    case userNotActive = "user_not_active"
    case codeInvalid = "code_invalid"
    case codeUnknown = "code_unknown"
    case codeUsed = "code_used"
    case codeExpired = "code_expired"
    case codeOfOtherClient = "code_of_other_client"
    case verifierMissing = "code_verifier_missing"
    case verifierUnexpected = "code_verifier_unexpected"
    case verifierWrong = "code_verifier_wrong"
    case redirectURIDiffers = "redirect_uri_differs"
    case refreshTokenInvalid = "refresh_token_invalid"
    case refreshTokenRotated = "refresh_token_rotated"
    case refreshTokenRevoked = "refresh_token_revoked"
    case refreshTokenExpired = "refresh_token_expired"
    case refreshTokenOfOtherClient = "refresh_token_of_other_client"
    case scopeNotGranted = "scope_not_granted"
    case deviceCodeUnknown = "device_code_unknown"
    case devicePending = "authorization_pending"
    case deviceDenied = "device_denied"
    case deviceCodeExpired = "device_code_expired"
    case deviceCodeUsed = "device_code_used"
    case deviceFlowOfServiceUser = "device_flow_of_service_user"
    case tokenTypeUnknown = "token_type_unknown"
    case resourceUnsupported = "resource_unsupported"
    case subjectTokenInvalid = "subject_token_invalid"
    case actorTokenInvalid = "actor_token_invalid"
    case impersonationOff = "impersonation_off"
    case impersonationForbidden = "impersonation_forbidden"
    case impersonationWithoutMembership = "impersonation_no_membership"
    case subjectUserInactive = "subject_user_inactive"
    case exchangeAudience = "exchange_audience"
    case exchangeScope = "exchange_scope"
    case requestedTokenType = "requested_token_type"

    // Authorization endpoint
    case parameterUndecodable = "parameter_undecodable"
    case requestObject = "request_object"
    case requestObjectUnreadable = "request_object_unreadable"
    case requestObjectUnsupported = "request_object_unsupported"
    case clientIDMissing = "client_id_missing"
    case appUnknown = "app_unknown"
    case redirectURIMissing = "redirect_uri_missing"
    case redirectURIUndecodable = "redirect_uri_undecodable"
    case redirectURIUnknown = "redirect_uri_unknown"
    case redirectURIPlain = "redirect_uri_http"
    case redirectURIScheme = "redirect_uri_scheme"
    case promptConflict = "prompt_conflict"
    case responseTypeMissing = "response_type_missing"
    case responseTypeNotAllowed = "response_type_not_allowed"
    case idTokenHint = "id_token_hint"

    case organizationUnknown = "org_unknown"
    case organizationAmbiguous = "org_ambiguous"

    // Sign-in page
    case loginAsUnknown = "login_as_unknown"
    case authRequestUnknown = "auth_request_unknown"
    case loginRequired = "login_required"
    case signInDenied = "sign_in_denied"
    case passwordWrong = "password_wrong"
    case passwordMissing = "no_password"
    case userNotHuman = "user_not_human"
    case userOfOtherOrganization = "user_of_other_org"
    case grantRequired = "grant_required"
    case projectRequired = "project_grant_required"
    case formForged = "form_forged"

    // Logout
    case hintOfOtherClient = "hint_of_other_client"
    case logoutURIUnknown = "post_logout_redirect_uri_unknown"

    // Revocation
    case notIssuedForClient = "not_issued_for_client"

    case textWithNUL = "text_with_nul"
    // Test double
    case fault

    // The server itself
    case hostUnknown = "host_unknown"
    case pathUnclean = "path_unclean"
    case pathUnknown = "path_unknown"
    case serverFailure = "server_failure"

    /// Whether the app is told of it at its redirect URI in every dialect.
    public var isToldToApp: Bool {
        [.organizationUnknown, .organizationAmbiguous, .textWithNUL, .serverFailure].contains(self)
    }

    /// Whether an assertion was read but not believed.
    public var rejectsAssertion: Bool {
        switch self {
        case .assertionAudience, .assertionExpired, .assertionIssuedAtMissing, .assertionIssuedAtFuture,
            .assertionIssuedAtOld, .assertionSubject,
            .assertionAlgorithm, .keyUnknown, .keyExpired, .assertionSignature:
            true
        default: false
        }
    }
}
