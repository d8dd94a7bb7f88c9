import Model
import OAuth

/// Which of the requested scopes a service user gets. Others are dropped without an error, as the real server does.
struct ScopePolicy {
    let organization: Organization?
    let unknownScopes: UnknownScopes

    struct Outcome {
        var granted: [String] = []
        var dropped: [String] = []
    }

    /// - Parameter requested: the parameter, split; empty strings vanish.
    func filter(_ requested: [String]) -> Outcome {
        var outcome = Outcome()
        for scope in requested where !scope.isEmpty {
            if isAllowed(scope) { outcome.granted.append(scope) } else { outcome.dropped.append(scope) }
        }
        return outcome
    }

    private func isAllowed(_ scope: String) -> Bool {
        if Scope.standard.contains(scope)
            || [Scope.userMetadata, Scope.userResourceOwner, Scope.projectsRoles].contains(scope)
        {
            return true
        }
        if scope.hasPrefix(Scope.organizationIDPrefix) {
            return scope == Scope.organizationIDPrefix + (organization?.id ?? "")
        }
        if scope.hasPrefix(Scope.organizationDomainPrefix) {
            return scope == Scope.organizationDomainPrefix + (organization?.primaryDomain ?? "")
        }
        let prefixes = [
            Scope.projectPrefix, Scope.identityProviderPrefix, Scope.organizationRolesPrefix, Scope.rolePrefix,
        ]
        return prefixes.contains { scope.hasPrefix($0) } || (unknownScopes == .keep && !scope.hasPrefix("urn:zitadel:"))
    }
}
