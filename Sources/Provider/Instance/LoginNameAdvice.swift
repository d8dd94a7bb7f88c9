import Encodings
public import Model

extension ResourceIndex {
    /// Why a name does not name one user, and which login names would; nil when it resembles nobody's.
    /// - Parameters:
    ///   - name: one that `user(named:)` did not find.
    ///   - isWanted: which users may be meant.
    public func advice(onUserName name: String, where isWanted: (User) -> Bool = { _ in true }) -> String? {
        guard !name.isEmpty else { return nil }
        let advice = LoginNameAdvice(resourceIndex: self)
        if let message = advice.message(about: name, where: isWanted) { return message }
        let matches = users(loosely: name).filter(isWanted)
        guard matches.count > 1 else { return nil }
        return
            "\(matches.count) users have it; send one of the login names \(matches.map(preferredLoginName).quotedList)"
    }
}

/// Explains names that are not login names: whether the login name has a domain is decided by `userLoginMustBeDomain` of the organization, and nothing in a
/// name shows it.
///
/// Every place that refuses the name of a user asks here. The work is bounded: users are looked up by the login names that they would have, never searched.
struct LoginNameAdvice {
    /// Users whom a sentence names at most.
    private static let userLimit = 5
    /// Organizations that are looked at at most; further ones are ignored.
    private static let organizationLimit = 1000
    /// Bytes of a name that is looked up at all.
    private static let longest = 500

    let resourceIndex: ResourceIndex

    // MARK: Sentences

    /// What a name is, if not a login name: whose it probably is, what to send, and which member of the seed decides.
    /// - Parameter isWanted: which users may be meant.
    /// - Returns: nil when nobody is found.
    func message(about name: String, where isWanted: (User) -> Bool = { _ in true }) -> String? {
        guard !name.isEmpty, name.utf8.count <= Self.longest else { return nil }
        if let user = resourceIndex.user(id: name), isWanted(user) {
            return
                "\(name.truncated) is the id of user \(user.userName), not a login name; send \(loginNames(of: user))"
        }
        let users = users(named: name).filter(isWanted)
        if !users.isEmpty { return message(name, userName: name, domain: nil, users) }
        guard let (userName, domain) = Organization.parts(ofLoginName: name) else { return nil }
        let candidates = self.users(named: userName).filter(isWanted)
        let ofDomain = candidates.filter { has(organization(of: $0), domain) }
        return message(name, userName: userName, domain: domain, ofDomain.isEmpty ? candidates : ofDomain)
    }

    /// What a name that was sent as the client id of an app is, if it is that of a user: id, login name or user name.
    func message(aboutClientID name: String) -> String? {
        let users = users(meantBy: name)
        guard let user = users.first else { return nil }
        let who = users.prefix(Self.userLimit).map { resourceIndex.preferredLoginName(of: $0).truncated }
            .joined(separator: " or ")
        guard users.contains(where: { $0.machine != nil }) else {
            return "\(name.truncated) is the user \(who), not an app"
        }
        let api = resourceIndex.resources.apps.first { $0.oidc == nil }
        let example = api.map { ", such as \($0.clientID) (\"\($0.name)\")" } ?? ""
        return
            "\(name.truncated) is the service user \(who), not an app: it gets tokens at the token endpoint, by client_credentials as \(who) or by jwt-bearer\(users.count == 1 ? " as \(user.id)" : ""); an API app introspects them\(example), and they end by expiry"
    }

    /// Words that say which id would do, after a name that should have been the id of a user; empty when it is nobody's.
    func idHint(_ name: String) -> String {
        let hints = users(meantBy: name).prefix(Self.userLimit).map {
            "the id of \(resourceIndex.preferredLoginName(of: $0).truncated) is \($0.id)"
        }
        return hints.isEmpty ? "" : "; " + hints.joined(separator: ", ")
    }

    private func message(_ name: String, userName: String, domain: String?, _ users: [User]) -> String? {
        guard let user = users.first else { return nil }
        guard users.count == 1, let organization = organization(of: user) else {
            let names = users.map(resourceIndex.preferredLoginName).quotedList
            return
                "\(name.truncated) is not a login name: \(users.count) users have the user name \(userName.truncated); send one of \(names), as userLoginMustBeDomain of their organizations has it"
        }
        let rule =
            "\(name.truncated) is not a login name: organization \(organization.name.truncated) has userLoginMustBeDomain \(organization.userLoginMustBeDomain)"
        let remedy = "send \(loginNames(of: user))"
        guard let domain else { return "\(rule); \(remedy), or set it to false in the seed" }
        guard organization.userLoginMustBeDomain else {
            return "\(rule); \(remedy)" + (has(organization, domain) ? ", or set it to true in the seed" : "")
        }
        guard !domain.isEmpty else { return "\(rule), and no domain follows the @; \(remedy)" }
        let isFree = !organizations.contains { has($0, domain) }
        return "\(rule) and not the domain \(domain.truncated); \(remedy)"
            + (isFree ? ", or add \(domain.truncated) to its domains in the seed" : "")
    }

    private func loginNames(of user: User) -> String {
        resourceIndex.loginNames(of: user).prefix(Self.userLimit).map(\.truncated).joined(separator: " or ")
    }

    // MARK: Users

    private var organizations: ArraySlice<Organization> {
        resourceIndex.resources.organizations.prefix(Self.organizationLimit)
    }

    private func organization(of user: User) -> Organization? { resourceIndex.organization(id: user.organizationID) }

    private func has(_ organization: Organization?, _ domain: String) -> Bool {
        guard let organization else { return false }
        return organization.has(domain: domain.lowercased())
    }

    /// The users whose id or login name it is, or else their user name.
    private func users(meantBy name: String) -> [User] {
        guard !name.isEmpty, name.utf8.count <= Self.longest else { return [] }
        if let user = resourceIndex.user(id: name) ?? resourceIndex.user(loginName: name) { return [user] }
        let users = users(named: name)
        guard users.isEmpty, let (userName, domain) = Organization.parts(ofLoginName: name) else { return users }
        return self.users(named: userName).filter { has(organization(of: $0), domain) }
    }

    /// The users of this user name, with whatever login name.
    private func users(named userName: String) -> [User] {
        let wanted = userName.lowercased()
        guard !wanted.isEmpty else { return [] }
        func user(_ loginName: String) -> User? {
            resourceIndex.user(loginName: loginName).flatMap {
                $0.userName.lowercased().hasSameBytes(as: wanted) ? $0 : nil
            }
        }
        // All organizations whose login names have no domain share one name.
        return [user(userName)].compactMap(\.self)
            + organizations.compactMap { organization in
                organization.userLoginMustBeDomain ? user("\(userName)@\(organization.primaryDomain)") : nil
            }
    }
}
