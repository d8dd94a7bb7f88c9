import Encodings
import Model
import OAuth

/// What the scopes of a token let others know of its user.
struct UserClaims {
    let resourceIndex: ResourceIndex
    let user: User

    /// Members for `profile`, `email` and `phone`, in the order of ZITADEL's struct. Empty texts, zeros and false are left out.
    func profile(_ scopes: [String]) -> JSONObject {
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

    /// Claims outside the standard but for roles: metadata, resource owner, organization, and those that the seed adds.
    func extra(_ scopes: [String]) -> JSONObject {
        var claims = JSONObject()
        if scopes.contains(Scope.userMetadata), !user.metadata.isEmpty {
            var metadata = JSONObject()
            for entry in user.metadata.sorted(by: { $0.key < $1.key }) {
                metadata.append(entry.key, .string(Base64.urlEncoded(entry.value)))
            }
            claims.append(Scope.userMetadata, .object(metadata))
        }
        let organizationIDs = Scope.values(of: Scope.organizationIDPrefix, in: scopes)
        if let id = organizationIDs.last { claims.append("urn:zitadel:iam:org:id", .string(id)) }
        if let domain = Scope.values(of: Scope.organizationDomainPrefix, in: scopes).last {
            claims.append("urn:zitadel:iam:org:domain:primary", .string(domain))
        }
        if scopes.contains(Scope.userResourceOwner) || !organizationIDs.isEmpty,
            let owner = resourceIndex.organization(id: user.organizationID)
        {
            claims.append(Scope.userResourceOwner + ":id", .string(owner.id))
            claims.append(Scope.userResourceOwner + ":name", .string(owner.name))
            claims.append(Scope.userResourceOwner + ":primary_domain", .string(owner.primaryDomain))
        }
        for member in user.claims.members where claims[member.name] == nil { claims.members.append(member) }
        return claims
    }
}
