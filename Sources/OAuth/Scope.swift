import Encodings

/// ZITADEL's scopes: the standard ones of OpenID Connect, and the reserved ones that carry a value after a prefix.
public enum Scope {
    public static let openID = "openid"
    public static let profile = "profile"
    public static let email = "email"
    public static let phone = "phone"
    public static let address = "address"
    public static let offlineAccess = "offline_access"

    /// Granted by newer servers, without a claim for users who are in no group.
    public static let groups = "groups"

    /// What all of ZITADEL's own scopes begin with.
    public static let reservedPrefix = "urn:zitadel:"
    public static let userMetadata = "urn:zitadel:iam:user:metadata"
    public static let userResourceOwner = "urn:zitadel:iam:user:resourceowner"
    public static let projectsRoles = "urn:zitadel:iam:org:projects:roles"

    public static let projectPrefix = "urn:zitadel:iam:org:project:id:"
    public static let audienceSuffix = ":aud"
    public static let rolePrefix = "urn:zitadel:iam:org:project:role:"
    public static let organizationIDPrefix = "urn:zitadel:iam:org:id:"
    public static let organizationDomainPrefix = "urn:zitadel:iam:org:domain:primary:"
    public static let organizationRolesPrefix = "urn:zitadel:iam:org:roles:id:"
    public static let identityProviderPrefix = "urn:zitadel:iam:org:idp:id:"

    /// What discovery advertises.
    public static let standard = [openID, profile, email, phone, address, offlineAccess]

    /// What every personal access token carries unless the seed says otherwise.
    public static let personalAccessToken = [openID, profile, userMetadata, userResourceOwner]

    /// Scopes of a parameter after this many are ignored.
    public static let countLimit = 10_000

    /// Splits the parameter at single spaces. Two spaces in a row give an empty scope, which no server keeps.
    /// - Returns: at most `countLimit` scopes.
    public static func split(_ text: String) -> [String] {
        var scopes: [String] = []
        var rest = Substring(text).utf8
        while scopes.count < countLimit {
            guard let space = rest.firstIndex(of: UInt8(ascii: " ")) else {
                scopes.append(String(Substring(rest)))
                break
            }
            scopes.append(String(Substring(rest[..<space])))
            rest = rest[rest.index(after: space)...]
        }
        return scopes
    }

    /// The scope that adds a project to a token's audience.
    public static func audience(ofProject id: String) -> String {
        projectPrefix + id + audienceSuffix
    }

    /// What follows the prefix in each scope that has it, in order.
    public static func values(of prefix: String, in scopes: [String]) -> [String] {
        scopes.compactMap { $0.hasPrefix(prefix) ? String(Substring($0.utf8.dropFirst(prefix.utf8.count))) : nil }
    }

    /// The project ids of all `…:project:id:{id}:aud` scopes, in order and without duplicates.
    ///
    /// - Parameter instanceProject: the project that the id `zitadel` means.
    public static func audience(of scopes: [String], instanceProject: String) -> [String] {
        var audience: [String] = []
        var known = Set<ExactString>()
        for value in values(of: projectPrefix, in: scopes) where value.hasSuffix(audienceSuffix) {
            let id =
                value == "zitadel" + audienceSuffix
                ? instanceProject : String(Substring(value.utf8.dropLast(audienceSuffix.utf8.count)))
            if known.insert(id) { audience.append(id) }
        }
        return audience
    }
}
