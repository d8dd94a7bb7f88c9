import Encodings
import OAuth

/// Audience and scopes of an exchange: what was asked for, within what subject and actor have.
struct ExchangeRequest {
    let requestedAudience: [String]
    let requestedScopes: [String]
    let subject: ExchangedToken
    let actor: ExchangedToken?
    /// Whether scopes must be on one of the tokens; older servers did not look.
    let isBounded: Bool

    /// Whether the request says which scopes it wants.
    var namesScopes: Bool { requestedScopes.contains { !$0.isEmpty } }

    /// Words between what is missing and what there is.
    private var has: String { actor == nil ? "not on the subject token, which has" : "on neither token; they have" }

    /// - Throws: `Rejection` with `exchange_audience`
    func audience() throws(Rejection) -> [String] {
        let actorAudience = actor?.audience ?? []
        guard !requestedAudience.isEmpty else { return subject.audience.isEmpty ? actorAudience : subject.audience }
        let allowed = subject.audience + actorAudience
        let known = allowed.exactStrings
        if let unknown = requestedAudience.first(where: { !known.contains($0) }) {
            throw Rejection(
                .exchangeAudience,
                "audience \"\(unknown.truncated)\" is \(has) \(allowed.quotedList)",
                value: unknown)
        }
        return requestedAudience
    }

    /// - Returns: the scopes, and why a newer server would refuse them, if it would.
    /// - Throws: `Rejection` with `exchange_scope` or `scope_missing`
    func scopes() throws(Rejection) -> (scopes: [String], lax: String?) {
        let requested = requestedScopes.filter { !$0.isEmpty }
        let actorScopes = actor?.scopes ?? []
        guard !requested.isEmpty else {
            let inherited = subject.scopes.isEmpty ? actorScopes : subject.scopes
            guard !inherited.isEmpty else {
                throw Rejection(
                    .scopeMissing, "scope is missing, and neither token has scopes; send scope=openid for instance")
            }
            return (inherited, lax: nil)
        }
        let allowed = subject.scopes + actorScopes
        let known = allowed.exactStrings
        let isFree = subject.scopes.isEmpty && actor != nil
        if let unknown = requested.first(where: { !known.contains($0) && !(isFree && !Self.authorizes($0)) }) {
            let detail = "scope \"\(unknown.truncated)\" is \(has) \(allowed.quotedList)"
            guard !isBounded else { throw Rejection(.exchangeScope, detail, value: unknown) }
            return (requested, lax: detail)
        }
        return (requested, lax: nil)
    }

    /// Whether a scope gives more than a look at the user's data.
    private static func authorizes(_ scope: String) -> Bool {
        let prefixes = [
            Scope.projectPrefix, Scope.rolePrefix, Scope.organizationIDPrefix, Scope.organizationDomainPrefix,
            Scope.organizationRolesPrefix, Scope.identityProviderPrefix,
        ]
        return scope == Scope.offlineAccess || scope == Scope.projectsRoles || prefixes.contains { scope.hasPrefix($0) }
    }
}
