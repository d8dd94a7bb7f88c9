import Encodings
public import Model
public import ResourceFormat

/// Resources by exactly their ids, in whatever state.
extension ResourceIndex {
    public func organization(id: String) -> Organization? { organizations[id] }
    public func project(id: String) -> Project? { projects[id] }
    public func projectGrant(id: String) -> ProjectGrant? { projectGrants[id] }
    public func app(id: String) -> App? { apps[id] }
    public func user(id: String) -> User? { users[id] }
    public func userGrant(id: String) -> UserGrant? { userGrants[id] }
    public func key(id: String) -> RegisteredKey? { keys[id] }
    public func personalAccessToken(id: String) -> PersonalAccessToken? { personalAccessTokens[id] }

    /// The apps of a name, whatever their projects.
    public func apps(named name: String) -> [App] { apps[appsByName[ExactString(name)]] }
}

extension ResourceIndex: ResourceBelongings {
    /// They are searched among all.
    public func projects(of organizationID: String) -> [Project] {
        resources.projects.filter { $0.organizationID == organizationID }
    }
    /// They are searched among all.
    public func users(of organizationID: String) -> [User] {
        resources.users.filter { $0.organizationID == organizationID }
    }
    public func apps(of projectID: String) -> [App] { apps[appsByProject[projectID]] }
    public func projectGrants(of projectID: String) -> [ProjectGrant] {
        projectGrants[projectGrantsByProject[projectID]]
    }
    public func userGrants(of userID: String) -> [UserGrant] { userGrants[userGrantsByUser[userID]] }
    public func keys(of owner: RegisteredKey.Owner) -> [RegisteredKey] { keys[keysByOwner[owner]] }
    public func personalAccessTokens(of userID: String) -> [PersonalAccessToken] {
        personalAccessTokens[tokensByUser[userID]]
    }
}

extension ResourceIndex: ExistingResources {
    public func has(_ kind: Resource.Kind, id: String) -> Bool {
        switch kind {
        case .organization: organizations[id] != nil
        case .project: projects[id] != nil
        case .projectGrant: projectGrants[id] != nil
        case .app: apps[id] != nil
        case .user: users[id] != nil
        case .userGrant: userGrants[id] != nil
        case .key: keys[id] != nil
        case .personalAccessToken: personalAccessTokens[id] != nil
        }
    }

    public func organization(named name: String) -> Organization? {
        organizations[organizationsByName[ExactString(name)]].last
    }
    public func organizationIDs(domain: String) -> [String] {
        organizations[organizationsByDomain[ExactString(domain)]].map(\.id)
    }
    public func projects(named name: String) -> [Project] { projects[projectsByName[ExactString(name)]] }
    public func projectGrant(of projectID: String, to organizationID: String) -> ProjectGrant? {
        projectGrants(of: projectID).last { $0.organizationID == organizationID }
    }
    public func appID(clientID: String) -> String? { clients[ExactString(clientID)]?.app.id }
    public func appID(named name: String, in projectID: String) -> String? {
        apps(named: name).first { $0.projectID == projectID }?.id
    }
    public func userIDs(loginName: String) -> [String] { users(loginName: loginName).map(\.id) }
    public func userIDs(named userName: String, in organizationID: String) -> [String] {
        usersByUserName[[ExactString(organizationID), ExactString(userName)]]
    }
    public func users(plainDomain domain: String) -> [User] { users[usersByPlainDomain[ExactString(domain)]] }

    /// - Parameter name: in lower case.
    func users(loginName name: String) -> [User] {
        var ids = usersByPlainName[ExactString(name)]
        if let (userName, domain) = Organization.parts(ofLoginName: name) {
            for id in organizationsByDomain[ExactString(domain)]
            where organizations[id]?.userLoginMustBeDomain == true {
                ids += usersByUserName[[ExactString(id), ExactString(userName)]]
            }
        }
        return users[ids]
    }
    public func personalAccessTokenID(digest: [UInt8]) -> String? { tokenIDsByDigest[digest] }
}
