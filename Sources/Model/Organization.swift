/// A ZITADEL organization: it owns projects and users.
public struct Organization: Sendable, Equatable {
    public var id: String
    public var name: String
    /// Appears in role claims and, with `userLoginMustBeDomain`, after the `@` of login names.
    public var primaryDomain: String
    /// Verified domains besides the primary one.
    public var domains: [String]
    public var state: ResourceState
    public var userLoginMustBeDomain: Bool

    public init(
        id: String, name: String, primaryDomain: String, domains: [String], state: ResourceState,
        userLoginMustBeDomain: Bool
    ) {
        self.id = id
        self.name = name
        self.primaryDomain = primaryDomain
        self.domains = domains
        self.state = state
        self.userLoginMustBeDomain = userLoginMustBeDomain
    }

    /// The domain of an organization that has no other. ZITADEL's rule: spaces become hyphens, everything but letters, digits and hyphens is dropped, at
    /// most 63 characters, lower case.
    public static func generatedDomain(of name: String) -> String {
        let letters = name.lowercased().map { $0 == " " ? "-" : $0 }.filter {
            $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-")
        }
        // A name without any of them still needs a host name.
        let label = letters.contains { $0 != "-" } ? String(letters.prefix(63)) : "organization"
        return label + ".localhost"
    }

    /// All verified domains; the first one is the primary one.
    public var allDomains: [String] { [primaryDomain] + domains }

    /// The login names of a user of this organization; the first one is the preferred one.
    public func loginNames(of userName: String) -> [String] {
        userLoginMustBeDomain ? allDomains.map { "\(userName)@\($0)" } : [userName]
    }
}
