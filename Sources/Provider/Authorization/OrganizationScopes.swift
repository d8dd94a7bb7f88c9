import Encodings
import Model
import OAuth

/// The scopes that ask for users of one organization, by id or by primary domain.
enum OrganizationScopes {
    /// Checks that they name one organization that exists. An inactive one is found by its id, but not by its domain, as on the real server.
    /// - Throws: `Rejection` with `org_unknown` or `org_ambiguous`
    static func check(_ scopes: [String], _ resourceIndex: ResourceIndex) throws(Rejection) {
        var wanted: Organization?
        for scope in scopes {
            guard let organization = try organization(scope, resourceIndex) else { continue }
            if let wanted, wanted.id != organization.id {
                throw Rejection(
                    .organizationAmbiguous,
                    "the scopes ask for the organizations \(wanted.id) (\"\(wanted.name)\") and \(organization.id) (\"\(organization.name)\"); name one only"
                )
            }
            wanted = organization
        }
    }

    /// - Returns: nil for any other scope.
    private static func organization(
        _ scope: String, _ resourceIndex: ResourceIndex
    ) throws(Rejection) -> Organization? {
        guard scope.utf8.starts(with: Scope.reservedPrefix.utf8) else { return nil }
        if let id = Scope.values(of: Scope.organizationIDPrefix, in: [scope]).first {
            guard let organization = resourceIndex.organization(id: id) else {
                throw Rejection(
                    .organizationUnknown,
                    "there is no organization with the id \"\(id.truncated)\"\(known(resourceIndex))",
                    variant: .unknownOrganizationID)
            }
            return organization
        }
        guard let domain = Scope.values(of: Scope.organizationDomainPrefix, in: [scope]).first else { return nil }
        let organizations = resourceIndex.organizationIDs(domain: domain.lowercased()).compactMap(
            resourceIndex.organization(id:))
        guard
            let organization = organizations.first(where: {
                $0.state == .active && $0.primaryDomain.hasSameBytes(as: domain)
            })
        else {
            throw Rejection(
                .organizationUnknown,
                "there is no active organization with the primary domain \"\(domain.truncated)\"\(known(resourceIndex))",
                value: "domain")
        }
        return organization
    }

    private static func known(_ resourceIndex: ResourceIndex) -> String {
        "; there are \(resourceIndex.resources.organizations.map { "\($0.id) (\($0.primaryDomain))" }.quotedList)"
    }
}
