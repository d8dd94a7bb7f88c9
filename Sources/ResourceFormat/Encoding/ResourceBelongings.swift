public import Model

/// What belongs to what, each in the order of creation: for writing a resource together with what is below it.
public protocol ResourceBelongings {
    /// All of them.
    var resources: Resources { get }

    func projects(of organizationID: String) -> [Project]
    func users(of organizationID: String) -> [User]
    func apps(of projectID: String) -> [App]
    func projectGrants(of projectID: String) -> [ProjectGrant]
    func userGrants(of userID: String) -> [UserGrant]
    func keys(of owner: RegisteredKey.Owner) -> [RegisteredKey]
    func personalAccessTokens(of userID: String) -> [PersonalAccessToken]
}
