import Encodings
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
    private let knowsGroups: Bool
    private let snapshot: Snapshot

    /// For a service user of the organization.
    init(of organization: Organization?, _ snapshot: Snapshot) {
        self.init(.serviceUser(of: organization), snapshot)
    }

    /// For an app of the project.
    init(of project: Project, _ snapshot: Snapshot) {
        self.init(.app(of: project), snapshot)
    }

    private init(_ subject: Subject, _ snapshot: Snapshot) {
        self.subject = subject
        unknownScopes = snapshot.settings.unknownScopes
        knowsGroups = snapshot.behavior.knowsGroups
        self.snapshot = snapshot
    }

    struct Outcome {
        var granted: [String] = []
        var dropped: [String] = []
        fileprivate(set) var unknownAudience: Warning?
        /// What to send instead of the first scope that was dropped.
        fileprivate var advice = ""

        var warnings: [Warning] {
            [unknownAudience, dropped.isEmpty ? nil : Warning(.scopeDropped, droppedScopes)].compactMap(\.self)
        }

        private var droppedScopes: String {
            let noun = dropped.count == 1 ? "scope" : "scopes"
            return "ZITADEL drops the \(noun) \(dropped.quotedList); \(advice)"
        }
    }

    /// - Parameters:
    ///   - requested: the parameter, split; empty strings vanish.
    ///   - assertsRoles: whether a project that asserts its roles adds them.
    func filter(_ requested: [String], assertsRoles: Bool = true) -> Outcome {
        var outcome = Outcome()
        for scope in requested where !scope.isEmpty {
            if isAllowed(scope) { outcome.granted.append(scope) } else { outcome.dropped.append(scope) }
        }
        if let first = outcome.dropped.first { outcome.advice = DroppedScope(first).advice(owned: ownedScopes) }
        outcome.unknownAudience = unknownAudience(outcome.granted)
        if assertsRoles, case .app(let project) = subject {
            outcome.granted += Self.assertedRoles(besides: outcome.granted, of: project)
        }
        return outcome
    }

    /// The scopes with a value that the subject may ask for.
    private var ownedScopes: [String] {
        switch subject {
        case .serviceUser(let organization):
            organization.map {
                [Scope.organizationIDPrefix + $0.id, Scope.organizationDomainPrefix + $0.primaryDomain]
            } ?? []
        case .app(let project): project.roles.map { Scope.rolePrefix + $0.key }
        }
    }

    /// A warning about the first audience that no project has, or that lacks its end.
    private func unknownAudience(_ scopes: [String]) -> Warning? {
        if let scope = scopes.first(where: { $0.hasPrefix(Scope.projectPrefix) && !$0.hasSuffix(Scope.audienceSuffix) })
        {
            return Warning(
                .audienceUnknown,
                "the scope \"\(scope.truncated)\" has no effect without \"\(Scope.audienceSuffix)\" at its end")
        }
        let instanceProject = snapshot.settings.projectID
        let audience = Scope.audience(of: scopes, instanceProject: instanceProject)
        guard let id = audience.first(where: { $0 != instanceProject && snapshot.resources.project(id: $0) == nil })
        else { return nil }
        let named = snapshot.resources.resources.projects.first { $0.name == id }
        let advice = named.map { "project \"\($0.name.truncated)\" has the id \($0.id)" } ?? "send the id of a project"
        return Warning(
            .audienceUnknown, "\"\(id.truncated)\" in the scope of an audience is not a project id; \(advice)")
    }

    /// A project that asserts its roles asks for all of them, unless the app asked for some.
    static func assertedRoles(besides scopes: [String], of project: Project) -> [String] {
        guard project.projectRoleAssertion, !scopes.contains(where: { $0.hasPrefix(Scope.rolePrefix) }) else {
            return []
        }
        return project.roles.map { Scope.rolePrefix + $0.key }
    }

    private func isAllowed(_ scope: String) -> Bool {
        if Self.plainScopes.contains(scope) || knowsGroups && scope.hasSameBytes(as: Scope.groups) { return true }
        guard scope.utf8.starts(with: Scope.reservedPrefix.utf8) else { return unknownScopes == .keep }
        let anyValue = [Scope.projectPrefix, Scope.identityProviderPrefix, Scope.organizationRolesPrefix]
        if anyValue.contains(where: { scope.hasPrefix($0) }) { return true }
        switch subject {
        case .serviceUser(let organization):
            if scope.hasPrefix(Scope.organizationIDPrefix) {
                return scope.hasSameBytes(as: Scope.organizationIDPrefix + (organization?.id ?? ""))
            }
            if scope.hasPrefix(Scope.organizationDomainPrefix) {
                return scope.hasSameBytes(as: Scope.organizationDomainPrefix + (organization?.primaryDomain ?? ""))
            }
            if scope.hasPrefix(Scope.rolePrefix) { return true }
        case .app(let project):
            if scope.hasPrefix(Scope.organizationIDPrefix) || scope.hasPrefix(Scope.organizationDomainPrefix) {
                return true
            }
            if scope.hasPrefix(Scope.rolePrefix) {
                return project.roles.contains { scope.hasSameBytes(as: Scope.rolePrefix + $0.key) }
            }
        }
        return false
    }

    /// Those without a value. A request may have thousands of others.
    private static let plainScopes =
        (Scope.standard + [Scope.userMetadata, Scope.userResourceOwner, Scope.projectsRoles]).exactStrings
}
