public import Model

extension ResourceIndex {
    /// The id of the organization that a resource belongs to (ZITADEL: resource owner). Of a grant, it is the one that grants; an organization is its own.
    public func resourceOwner(of resource: Resource) -> String {
        switch resource {
        case .organization(let organization): organization.id
        case .project(let project): project.organizationID
        case .projectGrant(let grant): project(id: grant.projectID)?.organizationID ?? ""
        case .app(let app): project(id: app.projectID)?.organizationID ?? ""
        case .user(let user): user.organizationID
        case .userGrant(let grant): grant.organizationID
        case .key(let key):
            switch key.owner {
            case .app(let id): app(id: id).flatMap { project(id: $0.projectID) }?.organizationID ?? ""
            case .user(let id): user(id: id)?.organizationID ?? ""
            }
        case .personalAccessToken(let token): user(id: token.userID)?.organizationID ?? ""
        }
    }
}
