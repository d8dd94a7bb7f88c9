import Encodings
import Model

/// Claims that no standard has. ID tokens, JWT access tokens, userinfo and introspection take them from one list; a new claim is a line there.
struct ClaimSource: Sendable {
    let claims: @Sendable (ClaimRequest) -> JSONObject

    /// Of claims with the same name the first one counts.
    private static let all: [ClaimSource] = [
        .metadata, .requestedOrganization, .resourceOwner, .roles, .additionalClaims,
    ]

    /// The claims of all sources.
    static func claims(_ request: ClaimRequest) -> JSONObject {
        var claims = JSONObject()
        for source in all {
            claims = claims.merging(source.claims(request)) { _, old, new in old ?? new }
        }
        return claims
    }
}
