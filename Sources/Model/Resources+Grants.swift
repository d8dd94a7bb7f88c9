import Encodings

extension Resources {
    private struct Pair: Hashable {
        let projectID: String
        let organizationID: String
    }

    /// The changes of grants that have more than there is to have: roles that their project does not have, or that it does not grant to the organization
    /// that they come from. Nothing else of the resources is wrong after them.
    public var narrowedGrants: [Change] {
        let owners = Dictionary(projects.map { ($0.id, $0.organizationID) }) { first, _ in first }
        let keys = Dictionary(projects.map { ($0.id, $0.roles.map(\.key).exactStrings) }) { first, _ in first }
        var changes: [Change] = []
        var given: [Pair: Set<ExactString>] = [:]
        for var grant in projectGrants {
            let count = grant.roles.count
            let known = keys[grant.projectID]
            grant.roles.removeAll { known?.contains($0) != true }
            if grant.roles.count < count { changes.append(.put(.projectGrant(grant))) }
            given[Pair(projectID: grant.projectID, organizationID: grant.organizationID)] = grant.roles.exactStrings
        }
        for var grant in userGrants {
            let isOwn = owners[grant.projectID] == grant.organizationID
            let pair = Pair(projectID: grant.projectID, organizationID: grant.organizationID)
            guard let allowed = isOwn ? keys[grant.projectID] : given[pair] else {
                changes.append(.remove(.userGrant, id: grant.id))
                continue
            }
            let count = grant.roles.count
            grant.roles.removeAll { !allowed.contains($0) }
            if grant.roles.count < count { changes.append(.put(.userGrant(grant))) }
        }
        return changes
    }
}
