/// A resource of an instance.
public enum Resource: Sendable, Equatable {
    case organization(Organization)
    case project(Project)
    case projectGrant(ProjectGrant)
    case app(App)
    case user(User)
    case userGrant(UserGrant)
    case key(RegisteredKey)
    case personalAccessToken(PersonalAccessToken)

    /// The kinds of resources.
    public enum Kind: String, Sendable, CaseIterable {
        case organization, project, projectGrant, app, user, userGrant, key, personalAccessToken

        /// What one is called in sentences. Ids follow from it where a seed says none, so it never changes.
        public var noun: String {
            switch self {
            case .projectGrant: "project grant"
            case .userGrant: "user grant"
            case .personalAccessToken: "personal access token"
            default: rawValue
            }
        }
    }

    public var kind: Kind {
        switch self {
        case .organization: .organization
        case .project: .project
        case .projectGrant: .projectGrant
        case .app: .app
        case .user: .user
        case .userGrant: .userGrant
        case .key: .key
        case .personalAccessToken: .personalAccessToken
        }
    }

    public var id: String {
        switch self {
        case .organization(let value): value.id
        case .project(let value): value.id
        case .projectGrant(let value): value.id
        case .app(let value): value.id
        case .user(let value): value.id
        case .userGrant(let value): value.id
        case .key(let value): value.id
        case .personalAccessToken(let value): value.id
        }
    }
}
