import Encodings

/// What must be unique among all resources of an instance.
struct ResourceNames {
    enum Kind: String, CaseIterable {
        case organization, project, app, user, key
        case projectGrant = "project grant"
        case userGrant = "user grant"
        case personalAccessToken = "personal access token"
        case signingKey = "signing key"
    }

    private var ids: [Kind: UniqueNames] = [:]
    var clientIDs = UniqueNames("a client id")
    var organizationNames = UniqueNames("the name of an organization")
    /// Ids of existing organizations by their primary domains.
    var organizationDomains: [ExactString: String] = [:]
    var loginNames = UniqueNames("a login name")
    /// By digest, since nothing else is kept of a token.
    var tokens = UniqueNames("the value of a personal access token")
    /// By project id.
    var appNames: [String: UniqueNames] = [:]
    var roleKeys: [String: UniqueNames] = [:]

    private static func newIDs(of kind: Kind) -> UniqueNames {
        let article = kind == .organization || kind == .app ? "an" : "a"
        return UniqueNames("the id of \(article) \(kind.rawValue)")
    }

    /// What distinguishes a personal access token from others.
    static func tokenName(_ digest: [UInt8]) -> String { Base64.urlEncoded(digest) }

    /// - Returns: whether the id is new; if not, that was reported.
    mutating func add(_ id: String, _ kind: Kind, _ location: SourceLocation, _ diagnostics: Diagnostics) -> Bool {
        ids[kind, default: Self.newIDs(of: kind)].add(id, location, diagnostics)
    }

    mutating func addExisting(_ id: String, _ kind: Kind) {
        ids[kind, default: Self.newIDs(of: kind)].addExisting(id)
    }
}
