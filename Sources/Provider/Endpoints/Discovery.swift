public import Encodings
import Model
import OAuth

/// `/.well-known/openid-configuration` (OpenID Connect Discovery section 4).
public struct Discovery {
    private let behavior: VersionBehavior

    public init(_ snapshot: Snapshot) {
        behavior = snapshot.behavior
    }

    /// All grants but token exchange; the one of the authorization endpoint comes second.
    private static let grantTypes: [String] = {
        var names = GrantType.allCases.filter { $0 != .tokenExchange }.map(\.rawValue)
        names.insert(OIDCGrantType.implicit.rawValue, at: 1)
        return names
    }()

    /// The document for an issuer, members in ZITADEL's order. Token exchange works but is not named; `plain` PKCE likewise.
    public func document(issuer: String) -> JSONObject {
        let authentication = JSON.strings(["none", "client_secret_basic", "client_secret_post", "private_key_jwt"])
        let rs256 = JSON.strings(["RS256"])
        var document: JSONObject = [
            "issuer": .string(issuer),
            "authorization_endpoint": .string(issuer + EndpointPath.authorize),
            "token_endpoint": .string(issuer + EndpointPath.token),
            "introspection_endpoint": .string(issuer + EndpointPath.introspection),
            "userinfo_endpoint": .string(issuer + EndpointPath.userInfo),
            "revocation_endpoint": .string(issuer + EndpointPath.revocation),
            "end_session_endpoint": .string(issuer + EndpointPath.endSession),
            "device_authorization_endpoint": .string(issuer + EndpointPath.deviceAuthorization),
            "jwks_uri": .string(issuer + EndpointPath.keys),
            "scopes_supported": .strings(Scope.standard),
            "response_types_supported": .strings(ResponseType.allCases.map(\.rawValue)),
            "response_modes_supported": .strings(ResponseMode.allCases.map(\.rawValue)),
            "grant_types_supported": .strings(Self.grantTypes),
            "subject_types_supported": .strings(["public"]),
            "id_token_signing_alg_values_supported": .strings(behavior.tokenSigningAlgorithms),
            "request_object_signing_alg_values_supported": rs256,
            "token_endpoint_auth_methods_supported": authentication,
            "token_endpoint_auth_signing_alg_values_supported": rs256,
            "revocation_endpoint_auth_methods_supported": authentication,
            "revocation_endpoint_auth_signing_alg_values_supported": rs256,
            "introspection_endpoint_auth_methods_supported": .strings(["client_secret_basic", "private_key_jwt"]),
            "introspection_endpoint_auth_signing_alg_values_supported": rs256,
            "claims_supported": .strings([
                "sub", "aud", "exp", "iat", "iss", "auth_time", "nonce", "acr", "amr", "c_hash", "at_hash", "act",
                "scopes", "client_id", "azp",
                "preferred_username", "name", "family_name", "given_name", "locale", "email", "email_verified",
                "phone_number", "phone_number_verified",
            ]),
            "code_challenge_methods_supported": .strings([CodeChallengeMethod.s256.rawValue]),
            "ui_locales_supported": .strings(behavior.uiLocales),
            "request_parameter_supported": .bool(true),
            "request_uri_parameter_supported": .bool(false),
        ]
        if behavior.advertisesBackChannelLogout {
            document.append("backchannel_logout_supported", .bool(true))
            document.append("backchannel_logout_session_supported", .bool(true))
        }
        return document
    }
}
