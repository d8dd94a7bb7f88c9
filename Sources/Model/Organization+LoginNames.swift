import Encodings

/// Login names without making all of them: a user has as many as the organization has domains.
extension Organization {
    /// A domain that several organizations may have, because nothing else follows from their names.
    public static let sharedDomain = generatedDomain(of: "")

    /// What no other user of an instance may have, so that all login names are unique: one or two texts, since domains are unique but the shared one.
    ///
    /// All in lower case. With a NUL in them, they are of the organization's own users: user names have none.
    public func loginNameKeys(of userName: String) -> [String] {
        let name = userName.lowercased()
        guard userLoginMustBeDomain else { return [name] }
        let own = "\(id)\0\(name)"
        return has(domain: Self.sharedDomain) ? [own, "\(name)@\(Self.sharedDomain)"] : [own]
    }

    /// Whether a domain is one of its domains.
    /// - Parameter domain: in lower case.
    public func has(domain: String) -> Bool { allDomains.contains { $0.lowercased().hasSameBytes(as: domain) } }

    /// Leaves out domains that are there before, in whatever letter case.
    public mutating func removeRepeatedDomains() {
        var seen = [primaryDomain.lowercased()].exactStrings
        domains.removeAll { !seen.insert($0.lowercased()) }
    }

    /// What is before and after the last `@` of a login name; nil when there is none.
    public static func parts(ofLoginName name: String) -> (userName: String, domain: String)? {
        guard let at = name.utf8.lastIndex(of: UInt8(ascii: "@")) else { return nil }
        return (String(name[..<at]), String(name[name.utf8.index(after: at)...]))
    }
}
