import Model

/// Why a user cannot sign in to an app. The chooser shows it before, and the page after an attempt.
enum Ineligibility {
    case serviceUser
    case inactive
    case locked
    case notInitialized
    case deleted
    case organizationInactive
    /// The app asked for organizations: the user's own one, those asked for, and the ids among them that do not exist.
    case otherOrganization(own: String, wanted: [String], unknown: [String])
    /// `projectRoleCheck`
    case noGrant(project: String)
    /// `hasProjectCheck`
    case noProjectGrant(project: String)

    /// A few words for the list of users.
    var label: String {
        switch self {
        case .serviceUser: "service user"
        case .inactive: "inactive"
        case .locked: "locked"
        case .notInitialized: "not initialized yet"
        case .deleted: "deleted"
        case .organizationInactive: "organization is inactive"
        case .otherOrganization: "belongs to another organization"
        case .noGrant(let project): "no grant on project \(project)"
        case .noProjectGrant(let project): "organization has no grant on project \(project)"
        }
    }

    /// What the page says when the user tries, in ZITADEL's words.
    var text: String {
        switch self {
        case .serviceUser: "The user must be personal"
        case .inactive: "User is inactive"
        case .locked: "User is locked"
        case .notInitialized: "User is not yet initialized"
        case .deleted: "User could not be found"
        case .organizationInactive: "Organization is not active"
        case .otherOrganization: "User is no member of the required organization"
        case .noGrant:
            "Login not possible. The user is required to have at least one grant on the application. Please contact your administrator."
        case .noProjectGrant:
            "Login not possible. The organization of the user must be granted to the project. Please contact your administrator."
        }
    }

    var reason: Reason {
        switch self {
        case .serviceUser: .userNotHuman
        case .inactive, .locked, .notInitialized, .deleted, .organizationInactive: .userNotActive
        case .otherOrganization: .userOfOtherOrganization
        case .noGrant: .grantRequired
        case .noProjectGrant: .projectRequired
        }
    }

    func problem(of user: User) -> LoginProblem { LoginProblem(text, reason, detail(of: user)) }

    private func detail(of user: User) -> String {
        let name = user.userName
        return switch self {
        case .serviceUser:
            "\(name) is a service user: service users get tokens by client_credentials or jwt-bearer and cannot sign in"
        case .inactive, .locked, .notInitialized, .deleted:
            "the state of user \(name) is \"\(user.state.rawValue)\"; set it to \"active\" in the seed"
        case .organizationInactive: "the organization of user \(name) is inactive"
        case .otherOrganization(let own, let wanted, let unknown):
            "the app asks for organization \(wanted.quotedList), and \(name) belongs to \(own)"
                + (unknown.isEmpty ? "" : "; there is no organization with the id \(unknown.quotedList)")
        case .noGrant(let project): "project \"\(project)\" has projectRoleCheck, and \(name) has no grant on it"
        case .noProjectGrant(let project):
            "project \"\(project)\" has hasProjectCheck, and the organization of \(name) has no project grant"
        }
    }
}
