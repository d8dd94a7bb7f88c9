import Encodings
import Model
import OAuth

extension ClaimSource {
    /// The organization that the scopes ask for, by id and by primary domain; of several the last one.
    static let requestedOrganization = ClaimSource { request in
        var claims = JSONObject()
        if let id = Scope.values(of: Scope.organizationIDPrefix, in: request.scopes).last {
            claims.append("urn:zitadel:iam:org:id", .string(id))
        }
        if let domain = Scope.values(of: Scope.organizationDomainPrefix, in: request.scopes).last {
            claims.append("urn:zitadel:iam:org:domain:primary", .string(domain))
        }
        return claims
    }

    /// The organization of the user, for its own scope and for that of an organization's id.
    static let resourceOwner = ClaimSource { request in
        let scopes = request.scopes
        guard
            scopes.contains(Scope.userResourceOwner)
                || !Scope.values(of: Scope.organizationIDPrefix, in: scopes).isEmpty,
            let owner = request.resourceIndex.organization(id: request.user.organizationID)
        else { return [:] }
        return [
            Scope.userResourceOwner + ":id": .string(owner.id),
            Scope.userResourceOwner + ":name": .string(owner.name),
            Scope.userResourceOwner + ":primary_domain": .string(owner.primaryDomain),
        ]
    }
}
