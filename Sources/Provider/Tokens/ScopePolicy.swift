import Model
import OAuth

/// Which of the requested scopes are granted. Others are dropped without an error, as the real server does.
struct ScopePolicy {
    /// Whose project's roles and whose organization count.
    private enum Subject {
        case serviceUser(of: Organization?)
        case app(of: Project)
    }

    private let subject: Subject
    private let unknownScopes: UnknownScopes

    /// For a service user of the organization.
    init(of organization: Organization?, unknownScopes: UnknownScopes) {
        subject = .serviceUser(of: organization)
        self.unknownScopes = unknownScopes
    }

    /// For an app of the project.
    init(of project: Project, unknownScopes: UnknownScopes) {
        subject = .app(of: project)
        self.unknownScopes = unknownScopes
    }

    struct Outcome {
        var granted: [String] = []
        var dropped: [String] = []

        var warnings: [Warning] {
            guard !dropped.isEmpty else { return [] }
            return [
                Warning(
                    .scopeDropped,
                    "ZITADEL drops the scope \(dropped.shownList); for scopes of your own set instance.unknownScopes to keep, or use roles"
                )
            ]
        }
    }

    /// - Parameter requested: the parameter, split; empty strings vanish.
    func filter(_ requested: [String]) -> Outcome {
        var outcome = Outcome()
        for scope in requested where !scope.isEmpty {
            if isAllowed(scope) { outcome.granted.append(scope) } else { outcome.dropped.append(scope) }
        }
        if case .app(let project) = subject {
            outcome.granted += Self.assertedRoles(besides: outcome.granted, of: project)
        }
        return outcome
    }

    /// A project that asserts its roles asks for all of them, unless the app asked for some.
    static func assertedRoles(besides scopes: [String], of project: Project) -> [String] {
        guard project.projectRoleAssertion, !scopes.contains(where: { $0.hasPrefix(Scope.rolePrefix) }) else {
            return []
        }
        return project.roles.map { Scope.rolePrefix + $0.key }
    }

    private func isAllowed(_ scope: String) -> Bool {
        if Scope.standard.contains(scope)
            || [Scope.userMetadata, Scope.userResourceOwner, Scope.projectsRoles].contains(scope)
        {
            return true
        }
        let anyValue = [Scope.projectPrefix, Scope.identityProviderPrefix, Scope.organizationRolesPrefix]
        if anyValue.contains(where: { scope.hasPrefix($0) }) { return true }
        switch subject {
        case .serviceUser(let organization):
            if scope.hasPrefix(Scope.organizationIDPrefix) {
                return scope == Scope.organizationIDPrefix + (organization?.id ?? "")
            }
            if scope.hasPrefix(Scope.organizationDomainPrefix) {
                return scope == Scope.organizationDomainPrefix + (organization?.primaryDomain ?? "")
            }
            if scope.hasPrefix(Scope.rolePrefix) { return true }
        case .app(let project):
            if scope.hasPrefix(Scope.organizationIDPrefix) || scope.hasPrefix(Scope.organizationDomainPrefix) {
                return true
            }
            if scope.hasPrefix(Scope.rolePrefix) {
                return project.roles.contains { scope == Scope.rolePrefix + $0.key }
            }
        }
        return unknownScopes == .keep && !scope.hasPrefix("urn:zitadel:")
    }
}
