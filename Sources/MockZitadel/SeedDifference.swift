import Model
import ResourceFormat
import Seeding

/// What is different in a changed seed, in words.
struct SeedDifference {
    /// How many things are named; the others are counted.
    private static let limit = 8

    private var parts: [String] = []

    var isEmpty: Bool { parts.isEmpty }

    /// `user bob added, app Web changed and 3 more`
    var message: String {
        let more = parts.count - Self.limit
        let named = parts.prefix(Self.limit).joined(separator: ", ")
        return more > 0 ? "\(named) and \(more) more" : named
    }

    init(from old: Seed, to new: Seed) {
        let (before, after) = (Self.comparable(old), Self.comparable(new))
        let known = Set(before.additions.compactMap(Self.key))
        for change in ResourceDifference(from: before, to: after).changes {
            switch change {
            case .put(let resource):
                let isNew = !known.contains(Self.key(resource.kind, resource.id))
                parts.append("\(Self.name(resource)) \(isNew ? "added" : "changed")")
            case .remove(let kind, let id):
                let resource = before.additions.lazy.compactMap { change -> Resource? in
                    if case .put(let resource) = change, resource.kind == kind, resource.id == id {
                        resource
                    } else {
                        nil
                    }
                }.first
                parts.append("\(resource.map(Self.name) ?? "\(kind.rawValue) \(id)") removed")
            case .settings: parts.append("instance changed")
            default: break
            }
        }
        if before.signingKeys != after.signingKeys { parts.append("signing keys changed") }
        let (clearBefore, clearAfter) = (Self.clearSecrets(old), Self.clearSecrets(new))
        for change in after.additions {
            guard case .put(let resource) = change, let secret = clearAfter[resource.id],
                let earlier = clearBefore[resource.id], secret != earlier
            else { continue }
            parts.append("secret of \(Self.name(resource)) changed")
        }
    }

    private static func key(_ kind: Resource.Kind, _ id: String) -> String { "\(kind.rawValue) \(id)" }

    private static func key(_ change: Change) -> String? {
        if case .put(let resource) = change { key(resource.kind, resource.id) } else { nil }
    }

    private static func name(_ resource: Resource) -> String {
        switch resource {
        case .organization(let value): "organization \(value.name)"
        case .project(let value): "project \(value.name)"
        case .app(let value): "app \(value.name)"
        case .user(let value): "user \(value.userName)"
        case .projectGrant(let value): "project grant \(value.id)"
        case .userGrant(let value): "user grant \(value.id)"
        case .key(let value): "key \(value.id)"
        case .personalAccessToken(let value): "personal access token \(value.id)"
        }
    }

    /// Secrets that the seed says in clear, by the id of the app or user: their hashes are others at each load.
    private static func clearSecrets(_ seed: Seed) -> [String: String] {
        var secrets: [String: String] = [:]
        for app in seed.resources.apps { secrets[app.id] = seed.secrets[app.id] }
        for user in seed.resources.users {
            secrets[user.id] = seed.secrets[user.id] ?? user.secret.flatMap { seed.deferredPasswords[$0.salt] }
        }
        return secrets
    }

    /// The resources without what is another at each load: salts, dates that the seed leaves out, tokens that it does not say.
    private static func comparable(_ seed: Seed) -> Resources {
        var resources = seed.resources
        let clear = clearSecrets(seed)
        for index in resources.users.indices {
            let user = resources.users[index]
            if clear[user.id] != nil { resources.users[index].secret = nil }
            if !seed.datedUsers.contains(user.id) { resources.users[index].changeDate = 0 }
        }
        for index in resources.apps.indices where clear[resources.apps[index].id] != nil {
            resources.apps[index].secret = nil
        }
        for index in resources.personalAccessTokens.indices {
            let id = resources.personalAccessTokens[index].id
            if !seed.datedTokens.contains(id) { resources.personalAccessTokens[index].creation = 0 }
            if seed.generatedTokens[id] != nil { resources.personalAccessTokens[index].digest = [] }
        }
        return resources
    }
}
