public import Model

/// What differs between the recorded server versions: one row a fact, one column a version. Rules ask this table and never compare versions.
public struct VersionBehavior: Sendable {
    public let opaqueTokenFormat: OpaqueTokenFormat
    /// A refused jwt-bearer assertion answers 500 `server_error` instead of 400 `invalid_grant`.
    public let rejectedGrantAssertionIsServerError: Bool
    /// The ID token of a client_credentials grant lives as long as others; before, its `exp` was its `iat`.
    public let clientCredentialsIDTokenHasLifetime: Bool
    /// Discovery has the two `backchannel_logout_…` members.
    public let advertisesBackChannelLogout: Bool
    public let uiLocales: [String]
    /// Algorithms of `id_token_signing_alg_values_supported`, which are also those that a JWT access token may be signed by.
    public let tokenSigningAlgorithms: [String]
    /// Keys that a new instance publishes.
    public let initialSigningKeyCount: Int
    /// `Cache-Control` of the JWKS; nil for the no-store trio of every other answer.
    public let jwksCacheControl: String?
    public let sendsRequestID: Bool
    /// An unknown device code is reported as another client's.
    public let unknownDeviceCodeIsOfOtherClient: Bool
    /// A code or refresh token of another client is refused.
    public let rejectsGrantsOfOtherClients: Bool
    /// A scope of a token exchange must be on the subject or actor token, and the subject token must be for the client's project.
    public let exchangeIsBounded: Bool
    /// Sign-in is at `/ui/v2/login` instead of `/ui/login`, and so is logout without a hint.
    public let hasLoginV2: Bool
    /// An `id_token_hint` that is not an ID token of this server is refused at the authorization endpoint instead of ignored.
    public let refusesBadIDTokenHint: Bool
    /// A `request` that is not a JWT answers 500 `server_error` instead of 400 `invalid_request`.
    public let badRequestObjectIsServerError: Bool
    /// A missing or wrong PKCE verifier is reported by the name of the challenge.
    public let reportsVerifierAsChallenge: Bool
    /// A PKCE verifier without a challenge is refused when the app has neither secret nor key.
    public let rejectsUnexpectedVerifier: Bool
    /// A user without a grant cannot allow a device of a project with a role check. Newer sign-ins leave the check to the flows of browsers.
    public let checksGrantsOfDevices: Bool
    /// The organization that scopes name must exist, and be one.
    public let checksOrganizationScopes: Bool
    /// The scope `groups` is granted.
    public let knowsGroups: Bool
    /// The real server accepts an opaque access token cut to its first 80 characters. Here it is refused under every version, with a warning where this holds.
    public let acceptsCutToken: Bool

    /// How a version behaves.
    public static func of(_ version: ServerVersion) -> VersionBehavior {
        let webKeys = ["EdDSA", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512"]
        let cached = "max-age=300, must-revalidate"
        func column<Fact>(_ v2_71: Fact, _ v3_4: Fact, _ v4_13: Fact, _ of2026July: Fact) -> Fact {
            switch version {
            case .v2_71: v2_71
            case .v3_4: v3_4
            case .v4_13: v4_13
            case .of2026July: of2026July
            }
        }
        return VersionBehavior(
            opaqueTokenFormat: OpaqueTokenFormat(of: version),
            rejectedGrantAssertionIsServerError: column(true, true, true, false),
            clientCredentialsIDTokenHasLifetime: column(false, false, true, true),
            advertisesBackChannelLogout: column(false, false, true, true),
            uiLocales: column(
                locales(added: []), locales(added: ["ro"]), locales(added: ["ro", "ar", "tr", "uk"]),
                locales(added: ["ro", "ar", "tr", "uk"])),
            tokenSigningAlgorithms: column(["RS256"], webKeys, webKeys, webKeys),
            initialSigningKeyCount: column(1, 2, 2, 2),
            jwksCacheControl: column(nil, cached, cached, cached),
            sendsRequestID: column(false, false, true, true),
            unknownDeviceCodeIsOfOtherClient: column(false, false, false, true),
            rejectsGrantsOfOtherClients: column(false, false, false, true),
            exchangeIsBounded: column(false, false, false, true),
            hasLoginV2: column(false, false, true, true),
            refusesBadIDTokenHint: column(true, false, false, false),
            badRequestObjectIsServerError: column(true, true, true, false),
            reportsVerifierAsChallenge: column(true, false, false, false),
            rejectsUnexpectedVerifier: column(false, true, true, true),
            checksGrantsOfDevices: column(true, true, false, false),
            checksOrganizationScopes: column(false, false, false, true),
            knowsGroups: column(false, false, false, true),
            acceptsCutToken: column(true, true, true, false)
        )
    }

    private static func locales(added: [String]) -> [String] {
        (["bg", "cs", "de", "en", "es", "fr", "hu", "id", "it", "ja", "ko", "mk", "nl", "pl", "pt", "ru", "sv", "zh"]
            + added).sorted()
    }
}
