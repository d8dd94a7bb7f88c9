import Encodings
import Model
import OAuth

/// The standard claims about a user for the scopes `profile`, `email` and `phone` (OpenID Connect Core section 5.4).
struct ProfileClaims {
    let resourceIndex: ResourceIndex
    let user: User
    let scopes: [String]

    /// In the order of ZITADEL's struct. Empty texts, zeros and false are left out.
    var json: JSONObject {
        var claims = JSONObject()
        let hasProfile = scopes.contains(Scope.profile)
        switch user.kind {
        case .machine(let machine):
            guard hasProfile else { return claims }
            claims.append("name", ifNotEmpty: machine.name)
            appendChange(to: &claims)
        case .human(let human):
            if hasProfile {
                claims.append("name", ifNotEmpty: human.displayName)
                claims.append("given_name", ifNotEmpty: human.firstName)
                claims.append("family_name", ifNotEmpty: human.lastName)
                claims.append("nickname", ifNotEmpty: human.nickName)
                claims.append("picture", ifNotEmpty: human.picture)
                claims.append("gender", ifNotEmpty: human.gender?.rawValue)
                claims.append("locale", human.preferredLanguage.map(JSON.string) ?? .null)
                appendChange(to: &claims)
            }
            if scopes.contains(Scope.email), !human.email.isEmpty {
                claims.append("email", .string(human.email))
                if human.emailVerified { claims.append("email_verified", .bool(true)) }
            }
            if scopes.contains(Scope.phone), !human.phone.isEmpty {
                claims.append("phone_number", .string(human.phone))
                if human.phoneVerified { claims.append("phone_number_verified", .bool(true)) }
            }
        }
        return claims
    }

    private func appendChange(to claims: inout JSONObject) {
        if user.changeDate != 0 { claims.append("updated_at", .integer(user.changeDate)) }
        claims.append("preferred_username", .string(resourceIndex.preferredLoginName(of: user)))
    }
}
