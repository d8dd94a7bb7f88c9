import Model
import OAuth

/// Which users may use which app.
extension Login {
    /// Organizations that scopes ask for; both lists empty for any.
    struct WantedOrganizations {
        let ids: [String]
        let primaryDomains: [String]

        init(scopes: [String]) {
            ids = Scope.values(of: Scope.organizationIDPrefix, in: scopes)
            primaryDomains = Scope.values(of: Scope.organizationDomainPrefix, in: scopes)
        }

        func contain(_ organization: Organization?, id: String) -> Bool {
            (ids.isEmpty || ids.contains(id))
                && (primaryDomains.isEmpty || primaryDomains.contains(organization?.primaryDomain ?? ""))
        }
    }

    /// Why the user cannot sign in anywhere; nil for a user who can.
    func ineligibility(for user: User) -> Ineligibility? {
        guard user.machine == nil else { return .serviceUser }
        switch user.state {
        case .active: break
        case .inactive: return .inactive
        case .locked: return .locked
        case .initial: return .notInitialized
        case .deleted: return .deleted
        }
        guard resourceIndex.organization(id: user.organizationID)?.state == .active else {
            return .organizationInactive
        }
        return nil
    }

    /// Why the user cannot sign in to an app: their state, the organizations that the scopes ask for, the role check and the check of project grants.
    /// - Parameter checksGrants: whether the two checks that a project asks for are made.
    func ineligibility(
        for user: User, at client: Client, scopes: [String], checksGrants: Bool = true
    ) -> Ineligibility? {
        if let ineligibility = ineligibility(for: user) { return ineligibility }
        let wanted = WantedOrganizations(scopes: scopes)
        let organization = resourceIndex.organization(id: user.organizationID)
        guard wanted.contain(organization, id: user.organizationID) else {
            return .otherOrganization(
                own: organization?.name ?? user.organizationID, wanted: wanted.ids + wanted.primaryDomains,
                unknown: wanted.ids.filter { resourceIndex.organization(id: $0) == nil })
        }
        guard checksGrants else { return nil }
        let project = client.project
        guard !project.projectRoleCheck || !resourceIndex.grants(userID: user.id, projectID: project.id).isEmpty else {
            return .noGrant(project: project.name)
        }
        guard
            !project.hasProjectCheck || project.organizationID == user.organizationID
                || resourceIndex.projectGrants(of: project.id).contains(where: {
                    $0.organizationID == user.organizationID && $0.state == .active
                })
        else { return .noProjectGrant(project: project.name) }
        return nil
    }

    // MARK: What pages offer

    /// The users whom a page offers for an app.
    /// - Parameters:
    ///   - sessions: the sessions of the browser that may be chosen.
    ///   - filter: part of a display name or login name, in any letter case; only its first 100 characters count.
    ///   - checksGrants: whether users whom the project's checks refuse are marked.
    func chooser(
        for client: Client, scopes: [String], sessions: [LoginSession], filter: String, checksGrants: Bool = true
    ) -> LoginChooser {
        func ineligibility(_ user: User) -> Ineligibility? {
            self.ineligibility(for: user, at: client, scopes: scopes, checksGrants: checksGrants)
        }
        let signedIn = Set(sessions.map(\.authentication.userID))
        let wanted = WantedOrganizations(scopes: scopes)
        let filter = String(String.UnicodeScalarView(filter.unicodeScalars.prefix(100)))
        let needle = filter.lowercased()
        var (offered, matching, listed) = (0, 0, [LoginCandidate]())
        for user in humans where !signedIn.contains(user.id) {
            guard wanted.contain(resourceIndex.organization(id: user.organizationID), id: user.organizationID) else {
                continue
            }
            offered += 1
            guard needle.isEmpty || matches(user, needle) else { continue }
            matching += 1
            guard listed.count < LoginChooser.limit else { continue }
            listed.append(
                candidate(user, sessionID: nil, ineligibility: ineligibility(user)))
        }
        return LoginChooser(
            signedIn: sessions.compactMap { session in
                resourceIndex.user(id: session.authentication.userID).map {
                    candidate($0, sessionID: session.id, ineligibility: ineligibility($0))
                }
            },
            users: listed.filter { $0.ineligibility == nil } + listed.filter { $0.ineligibility != nil },
            moreUsers: matching - listed.count, hasFilter: offered > LoginChooser.filterThreshold, filter: filter)
    }

    /// The accounts of some sessions.
    func accounts(_ sessions: [LoginSession]) -> [LoginCandidate] {
        sessions.compactMap { session in
            resourceIndex.user(id: session.authentication.userID).map {
                candidate($0, sessionID: session.id, ineligibility: nil)
            }
        }
    }

    private func matches(_ user: User, _ needle: String) -> Bool {
        user.displayName.lowercased().contains(needle)
            || resourceIndex.preferredLoginName(of: user).lowercased().contains(needle)
    }

    private func candidate(_ user: User, sessionID: String?, ineligibility: Ineligibility?) -> LoginCandidate {
        LoginCandidate(
            userID: user.id, displayName: user.displayName, loginName: resourceIndex.preferredLoginName(of: user),
            organizationName: resourceIndex.organization(id: user.organizationID)?.name ?? "", sessionID: sessionID,
            ineligibility: ineligibility?.label)
    }
}
