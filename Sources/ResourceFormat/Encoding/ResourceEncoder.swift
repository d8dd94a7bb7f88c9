public import Encodings
public import Model

/// Writes resources as JSON with seed members.
public struct ResourceEncoder {
    private let belongings: any ResourceBelongings

    /// - Parameter resources: with those signing keys that shall be written.
    public init(_ resources: Resources) {
        self.init(GroupedResources(resources))
    }

    /// - Parameter belongings: the resources, where it is known already what belongs to what.
    public init(_ belongings: any ResourceBelongings) {
        self.belongings = belongings
    }

    /// All resources as one seed file, which loads again to the same resources: all ids are written, secrets are written as hashes, and `${` is escaped.
    public var seed: JSONObject {
        let resources = belongings.resources
        let document: JSONObject = [
            "instance": .object(settings),
            "organizations": .array(resources.organizations.map { .object(organization($0)) }),
        ]
        return document.escapingVariables
    }

    /// The member `instance`.
    public var settings: JSONObject {
        let resources = belongings.resources
        var object = Formats.encode(resources.settings)
        append("signingKeys", resources.signingKeys.map(Formats.signingKey.encode), to: &object)
        return object
    }

    /// An organization with its projects and users.
    public func organization(_ organization: Organization) -> JSONObject {
        var object = Formats.organization.encode(organization)
        append("projects", belongings.projects(of: organization.id).map(project), to: &object)
        append("users", belongings.users(of: organization.id).map(user), to: &object)
        return object
    }

    /// A project with its apps and grants.
    public func project(_ project: Project) -> JSONObject {
        var object = Formats.project.encode(project)
        append("apps", belongings.apps(of: project.id).map(app), to: &object)
        append("grants", belongings.projectGrants(of: project.id).map(Formats.projectGrant.encode), to: &object)
        return object
    }

    /// An app with its keys.
    public func app(_ app: App) -> JSONObject {
        var object = Formats.format(of: app.kind).encode(app)
        append("keys", belongings.keys(of: .app(app.id)).map(Formats.key.encode), to: &object)
        return object
    }

    /// A user with grants, keys and personal access tokens.
    public func user(_ user: User) -> JSONObject {
        var object = Formats.format(of: user.kind.name).encode(user)
        append("grants", belongings.userGrants(of: user.id).map(Formats.userGrant.encode), to: &object)
        append("keys", belongings.keys(of: .user(user.id)).map(Formats.key.encode), to: &object)
        append(
            "personalAccessTokens",
            belongings.personalAccessTokens(of: user.id).map(Formats.personalAccessToken.encode), to: &object)
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
