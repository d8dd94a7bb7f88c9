import Encodings
public import Model

/// The resources that exist when a document is read: what it may refer to, and the names that are taken.
///
/// A server with many resources answers from indexes, so that reading one more costs as much as that one. Texts match by their bytes.
public protocol ExistingResources: Sendable {
    /// All of them, each kind in the order of creation: for hints, and for what is asked rarely.
    var resources: Resources { get }

    func has(_ kind: Resource.Kind, id: String) -> Bool
    func organization(id: String) -> Organization?
    func organization(named name: String) -> Organization?
    /// The ids of the organizations with a domain, in the order of creation.
    /// - Parameter domain: in lower case.
    func organizationIDs(domain: String) -> [String]
    func project(id: String) -> Project?
    /// The projects of a name, whatever their organizations, in the order of creation.
    func projects(named name: String) -> [Project]
    /// The latest grant of a project to an organization.
    func projectGrant(of projectID: String, to organizationID: String) -> ProjectGrant?
    /// The grants of a user.
    func userGrants(of userID: String) -> [UserGrant]
    func appID(clientID: String) -> String?
    func appID(named name: String, in projectID: String) -> String?
    /// The ids of the users with a login name.
    /// - Parameter loginName: in lower case.
    func userIDs(loginName: String) -> [String]
    /// The ids of the users of an organization who have a user name.
    /// - Parameter userName: in lower case.
    func userIDs(named userName: String, in organizationID: String) -> [String]
    /// The users whose user name is their login name and ends with `@` and a domain.
    /// - Parameter domain: in lower case.
    func users(plainDomain domain: String) -> [User]
    func personalAccessTokenID(digest: [UInt8]) -> String?
}

/// Resources without indexes, which are searched: for few.
extension Resources: ExistingResources {
    public var resources: Resources { self }

    public func has(_ kind: Resource.Kind, id: String) -> Bool {
        func has<Value>(_ list: [Value], _ key: KeyPath<Value, String>) -> Bool {
            list.contains { $0[keyPath: key].hasSameBytes(as: id) }
        }
        switch kind {
        case .organization: return has(organizations, \.id)
        case .project: return has(projects, \.id)
        case .projectGrant: return has(projectGrants, \.id)
        case .app: return has(apps, \.id)
        case .user: return has(users, \.id)
        case .userGrant: return has(userGrants, \.id)
        case .key: return has(keys, \.id)
        case .personalAccessToken: return has(personalAccessTokens, \.id)
        }
    }

    public func organization(id: String) -> Organization? { organizations.first { $0.id.hasSameBytes(as: id) } }
    public func organization(named name: String) -> Organization? {
        organizations.last { $0.name.hasSameBytes(as: name) }
    }
    public func organizationIDs(domain: String) -> [String] {
        organizations.filter { $0.allDomains.contains { $0.lowercased().hasSameBytes(as: domain) } }.map(\.id)
    }
    public func project(id: String) -> Project? { projects.first { $0.id.hasSameBytes(as: id) } }
    public func projects(named name: String) -> [Project] { projects.filter { $0.name.hasSameBytes(as: name) } }
    public func projectGrant(of projectID: String, to organizationID: String) -> ProjectGrant? {
        projectGrants.last { $0.projectID == projectID && $0.organizationID == organizationID }
    }
    public func userGrants(of userID: String) -> [UserGrant] { userGrants.filter { $0.userID == userID } }
    public func appID(clientID: String) -> String? { apps.first { $0.clientID.hasSameBytes(as: clientID) }?.id }
    public func appID(named name: String, in projectID: String) -> String? {
        apps.first { $0.projectID == projectID && $0.name.hasSameBytes(as: name) }?.id
    }
    public func userIDs(loginName: String) -> [String] {
        users.filter { user in
            let names = organization(id: user.organizationID)?.loginNames(of: user.userName) ?? []
            return names.contains { $0.lowercased().hasSameBytes(as: loginName) }
        }.map(\.id)
    }
    public func userIDs(named userName: String, in organizationID: String) -> [String] {
        users.filter { $0.organizationID == organizationID && $0.userName.lowercased().hasSameBytes(as: userName) }
            .map(\.id)
    }
    public func users(plainDomain domain: String) -> [User] {
        users.filter { user in
            organization(id: user.organizationID)?.userLoginMustBeDomain != true
                && Organization.parts(ofLoginName: user.userName.lowercased())?.domain.hasSameBytes(as: domain) == true
        }
    }
    public func personalAccessTokenID(digest: [UInt8]) -> String? {
        personalAccessTokens.first { $0.digest == digest }?.id
    }
}
