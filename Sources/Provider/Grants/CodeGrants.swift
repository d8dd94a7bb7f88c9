import Encodings
import OAuth

// The grants that redeem something which a sign-in hands out. Nobody can sign in yet, so nothing was ever handed out, and whatever is sent is refused as
// the real server refuses a value that it never gave.

/// RFC 6749 section 4.1.3
enum AuthorizationCodeGrant: ClientGrant {
    static let type = GrantType.authorizationCode

    static func exchange(_ context: GrantContext, client: Client) throws -> TokenResponse {
        let code = try context.request.required("code")
        _ = try context.request.required("redirect_uri")
        // The real server decrypts codes: what is no base64url of at least a cipher block is invalid, anything else is merely unknown.
        guard let bytes = Base64.urlDecoded(Array(code.utf8)), bytes.count >= 16 else {
            throw Refusal(.codeInvalid, "the code is none of ours: it may be cut or altered")
        }
        throw Refusal(
            .codeUnknown, "the code is unknown: it was used before, is too old, or comes from another database")
    }
}

/// RFC 6749 section 6
enum RefreshTokenGrant: ClientGrant {
    static let type = GrantType.refreshToken

    static func exchange(_ context: GrantContext, client: Client) throws -> TokenResponse {
        _ = try context.request.required("refresh_token")
        throw Refusal(
            .refreshTokenInvalid,
            "the refresh token is none of ours: it may be cut or altered, or come from another database")
    }
}

/// RFC 8628 section 3.4
enum DeviceCodeGrant: ClientGrant {
    static let type = GrantType.deviceCode

    static func exchange(_ context: GrantContext, client: Client) throws -> TokenResponse {
        _ = try context.request.required("device_code")
        throw Refusal(.deviceCodeUnknown, "the device code is unknown: it is too old, or comes from another database")
    }
}

/// RFC 8693
enum TokenExchangeGrant: ClientGrant {
    static let type = GrantType.tokenExchange

    static func exchange(_ context: GrantContext, client: Client) throws -> TokenResponse {
        _ = try context.request.required("subject_token")
        _ = try context.request.required("subject_token_type")
        throw Refusal(.notImplemented, "token exchange is not built yet", value: "token exchange")
    }
}
