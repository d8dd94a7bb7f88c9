public import Encodings
public import Model

/// Writes resources as JSON with seed members.
public struct ResourceEncoder {
    private let resources: Resources
    /// What belongs to what; nil when only one resource is written, for which it does not pay to group all others.
    private let groups: Groups?

    private struct Groups {
        let projects: [String: [Project]]
        let apps: [String: [App]]
        let projectGrants: [String: [ProjectGrant]]
        let users: [String: [User]]
        let userGrants: [String: [UserGrant]]
        let keys: [RegisteredKey.Owner: [RegisteredKey]]
        let tokens: [String: [PersonalAccessToken]]

        init(_ resources: Resources) {
            projects = Dictionary(grouping: resources.projects, by: \.organizationID)
            apps = Dictionary(grouping: resources.apps, by: \.projectID)
            projectGrants = Dictionary(grouping: resources.projectGrants, by: \.projectID)
            users = Dictionary(grouping: resources.users, by: \.organizationID)
            userGrants = Dictionary(grouping: resources.userGrants, by: \.userID)
            keys = Dictionary(grouping: resources.keys, by: \.owner)
            tokens = Dictionary(grouping: resources.personalAccessTokens, by: \.userID)
        }
    }

    /// - Parameters:
    ///   - resources: with those signing keys that shall be written.
    ///   - writesOne: whether a single user, app or other resource without many others below it is written.
    public init(_ resources: Resources, writesOne: Bool = false) {
        self.resources = resources
        groups = writesOne ? nil : Groups(resources)
    }

    private func members<Value, Owner: Equatable>(
        of owner: Owner, _ list: KeyPath<Resources, [Value]>, _ group: KeyPath<Groups, [Owner: [Value]]>,
        by key: KeyPath<Value, Owner>
    ) -> [Value] {
        if let groups { return groups[keyPath: group][owner] ?? [] }
        return resources[keyPath: list].filter { $0[keyPath: key] == owner }
    }

    /// All resources as one seed file, which loads again to the same resources: all ids are written, secrets are written as hashes, and `${` is escaped.
    public var seed: JSONObject {
        let document: JSONObject = [
            "instance": .object(settings),
            "organizations": .array(resources.organizations.map { .object(organization($0)) }),
        ]
        return document.escapingVariables
    }

    /// The member `instance`.
    public var settings: JSONObject {
        var object = Formats.encode(resources.settings)
        append("signingKeys", resources.signingKeys.map(Formats.signingKey.encode), to: &object)
        return object
    }

    /// An organization with its projects and users.
    public func organization(_ organization: Organization) -> JSONObject {
        var object = Formats.organization.encode(organization)
        append(
            "projects", members(of: organization.id, \.projects, \.projects, by: \.organizationID).map(project),
            to: &object)
        append("users", members(of: organization.id, \.users, \.users, by: \.organizationID).map(user), to: &object)
        return object
    }

    /// A project with its apps and grants.
    public func project(_ project: Project) -> JSONObject {
        var object = Formats.project.encode(project)
        append("apps", members(of: project.id, \.apps, \.apps, by: \.projectID).map(app), to: &object)
        append(
            "grants",
            members(of: project.id, \.projectGrants, \.projectGrants, by: \.projectID).map(Formats.projectGrant.encode),
            to: &object)
        return object
    }

    /// An app with its keys.
    public func app(_ app: App) -> JSONObject {
        var object = (app.oidc == nil ? Formats.apiApp : Formats.oidcApp).encode(app)
        append("keys", members(of: .app(app.id), \.keys, \.keys, by: \.owner).map(Formats.key.encode), to: &object)
        return object
    }

    /// A user with grants, keys and personal access tokens.
    public func user(_ user: User) -> JSONObject {
        var object = (user.machine == nil ? Formats.human : Formats.machine).encode(user)
        append(
            "grants", members(of: user.id, \.userGrants, \.userGrants, by: \.userID).map(Formats.userGrant.encode),
            to: &object)
        append("keys", members(of: .user(user.id), \.keys, \.keys, by: \.owner).map(Formats.key.encode), to: &object)
        append(
            "personalAccessTokens",
            members(of: user.id, \.personalAccessTokens, \.tokens, by: \.userID).map(
                Formats.personalAccessToken.encode), to: &object)
        return object
    }

    private func append(_ name: String, _ objects: [JSONObject], to object: inout JSONObject) {
        if !objects.isEmpty { object.append(name, .array(objects.map(JSON.object))) }
    }
}

extension JSON {
    /// The same with each `$` doubled that is in front of a brace: seed files replace `${` by variables of the environment.
    var escapingVariables: JSON {
        switch self {
        case .string(let text): .string(text.escapingVariables)
        case .array(let values): .array(values.map(\.escapingVariables))
        case .object(let object): .object(object.escapingVariables)
        default: self
        }
    }
}

extension JSONObject {
    fileprivate var escapingVariables: JSONObject {
        var copy = self
        for index in copy.members.indices { copy.members[index].value = copy.members[index].value.escapingVariables }
        return copy
    }
}

extension String {
    fileprivate var escapingVariables: String {
        guard utf8.contains(UInt8(ascii: "$")) else { return self }
        var out: [UInt8] = []
        var dollars = 0
        for byte in utf8 {
            if byte == UInt8(ascii: "{") { out += [UInt8](repeating: UInt8(ascii: "$"), count: dollars) }
            dollars = byte == UInt8(ascii: "$") ? dollars + 1 : 0
            out.append(byte)
        }
        return String(decoding: out, as: UTF8.self)
    }
}
