import OAuth
import Provider

/// What rows of the table of refusals share.
extension ErrorRenderer {
    static let contact = "If you have any questions, you may contact the administrator of the application."
    static let otherClient = "client_id does not correspond to the client_id in the authorization request"
    static let pending =
        "The client SHOULD repeat the access token request to the token endpoint, after interval from device authorization response."
    static let crash =
        "ID=RECOVER Message=Errors.Internal Parent=(OPStorage.GetKeyByIDAndClientID should not be called anymore. This is a bug. Please report https://github.com/zitadel/zitadel/issues)"

    /// A sentence in the characters that an `error_description` may have (RFC 6749 section 5.2), which some clients insist on.
    static func description(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "'"
            case "\\": result += "/"
            case "…": result += "..."
            case " "..."~": result.unicodeScalars.append(scalar)
            default: result += scalar.value < 0x20 ? " " : "?"
            }
        }
        return result
    }

    static func missing(_ what: String, _ remedy: String) -> String {
        "The \(what). Please ensure \(remedy). \(contact)"
    }

    /// A client that did not authenticate itself.
    static func client(_ description: String?) -> ErrorRendering {
        .server(.invalidClient, description).documented(.invalidClient)
    }

    /// The same; introspection answers another code, without a text.
    static func clientOfIntrospection(_ description: String) -> ErrorRendering {
        client(description).server(at: .introspection, ErrorResponse(.unauthorizedClient))
    }

    /// A service user that did not authenticate itself.
    static func serviceUser(_ description: String) -> ErrorRendering {
        .server(.invalidRequest, description).documented(.invalidClient)
    }

    /// A code, a refresh token or a device code that is not accepted.
    static func grant(_ code: OAuthErrorCode, _ description: String?, status: Int? = nil) -> ErrorRendering {
        .server(code, description, status: status).documented(.invalidGrant)
    }

    /// A token that userinfo does not accept.
    static func rejectedAtUserInfo(_ elsewhere: ErrorRendering, isUserUnknown: Bool = false) -> ErrorRendering {
        let description = isUserUnknown ? "no active user" : "access token invalid"
        return elsewhere.server(at: .userInfo, ErrorResponse(.accessDenied, description, status: 401))
    }

    /// A query without a result, which the device authorization endpoint passes on from within.
    static func query(_ id: String, _ message: String) -> ErrorResponse {
        ErrorResponse(.serverError, "ID=\(id) Message=\(message) Parent=(sql: no rows in result set)")
    }

    /// What is wrong with a request object.
    static func requestObject(_ rejection: Rejection) -> String? {
        switch rejection.variant {
        case .notAJWT: "parsing of request failed: \(rejection.value)"
        case .wrongClientID: "missing or wrong client id in request"
        case .wrongResponseType: "missing or wrong response type in request"
        case .wrongIssuer: "missing or wrong issuer in request"
        case .wrongAudience: "issuer missing in audience"
        case .badSignature: "invalid signature"
        case nil, .organizationRemoved, .inToken, .unknownKey, .unknownOrganizationID, .ofDeviceCode,
            .injected:
            nil
        }
    }

    /// An `id_token_hint` that the end session endpoint does not accept.
    static func hintAtLogout(_ variant: Rejection.Variant?) -> ErrorResponse {
        switch variant {
        case .unknownKey: ErrorResponse(.invalidRequest, "Errors.WebKey.NotFound", status: 404)
        case .badSignature: ErrorResponse(.serverError, "Errors.Internal")
        case nil, .organizationRemoved, .inToken, .notAJWT, .wrongClientID, .wrongResponseType, .wrongIssuer,
            .wrongAudience, .unknownOrganizationID, .ofDeviceCode, .injected:
            ErrorResponse(.invalidRequest, "id_token_hint invalid")
        }
    }

    /// What a fault of a test answers: the app gets it wherever one awaits an answer.
    static func injected(_ variant: Rejection.Variant?) -> ErrorRendering {
        var code = OAuthErrorCode.invalidRequest
        if case .injected(let injected) = variant { code = injected }
        return .server(code, "injected by a fault of the test double").documented(code).alwaysReturnedToApp()
    }
}
