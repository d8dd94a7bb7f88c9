import Model

/// Who may act for whom: decided by the manager roles of the one and of the other.
struct Impersonation {
    private let resourceIndex: ResourceIndex

    init(_ resourceIndex: ResourceIndex) {
        self.resourceIndex = resourceIndex
    }

    /// Roles of ZITADEL that let act for end users, and those that let act for managers too.
    private static let ofEndUsers = ["IAM_END_USER_IMPERSONATOR", "ORG_END_USER_IMPERSONATOR"]
    private static let ofAll = ["IAM_ADMIN_IMPERSONATOR", "ORG_ADMIN_IMPERSONATOR"]

    /// - Throws: `Rejection` with `impersonation_forbidden`
    func check(actorID: String, as user: User) throws(Rejection) {
        let actor = resourceIndex.user(id: actorID)
        let roles = actor?.instanceRoles.filter {
            $0.hasPrefix("IAM_") || actor?.organizationID == user.organizationID
        }
        let sufficient = user.instanceRoles.isEmpty ? Self.ofEndUsers + Self.ofAll : Self.ofAll
        guard roles?.contains(where: sufficient.contains) ?? false else {
            throw Rejection(
                .impersonationForbidden,
                "user \(actor?.userName ?? actorID) may not act for \(user.userName); give it one of the instanceRoles \(sufficient.joined(separator: ", ")) in the seed (ORG_ roles count within the organization)"
            )
        }
    }
}
