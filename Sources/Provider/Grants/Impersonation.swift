import Model

/// Who may act for whom: decided by the manager roles of the actor.
struct Impersonation {
    private let resourceIndex: ResourceIndex

    init(_ resourceIndex: ResourceIndex) {
        self.resourceIndex = resourceIndex
    }

    /// Manager roles of ZITADEL that have the permission "impersonation". Despite their names, it does not matter whether the other user is an administrator.
    private static let impersonators = [
        "IAM_ADMIN_IMPERSONATOR", "IAM_END_USER_IMPERSONATOR", "ORG_ADMIN_IMPERSONATOR", "ORG_END_USER_IMPERSONATOR",
    ]

    /// - Throws: `Rejection` with `impersonation_forbidden` or `impersonation_no_membership`
    func check(actorID: String, as user: User) throws(Rejection) {
        let remedy =
            "give it one of the instanceRoles \(Self.impersonators.joined(separator: ", ")) in the seed (ORG_ roles count within the organization)"
        guard let actor = resourceIndex.user(id: actorID), !actor.instanceRoles.isEmpty else {
            throw Rejection(
                .impersonationWithoutMembership,
                "user \(resourceIndex.user(id: actorID)?.userName ?? actorID) has no manager role at all, so it may not act for \(user.userName); \(remedy)"
            )
        }
        let roles = actor.instanceRoles.filter {
            $0.hasPrefix("IAM_") || actor.organizationID == user.organizationID
        }
        guard roles.contains(where: Self.impersonators.contains) else {
            throw Rejection(
                .impersonationForbidden,
                "user \(actor.userName) has \(actor.instanceRoles.joined(separator: ", ")), with which it may not act for \(user.userName); \(remedy)"
            )
        }
    }
}
