import Encodings
import Model
import ResourceFormat

/// Adds a part of a seed to a whole one: resources that both have, by id or name, are merged (RFC 7396), others are added.
final class SeedMerge {
    private let fragment: JSONObject
    private let projectIDs: [String: String]
    private let organizationIDs: [String: String]
    /// Where the objects of the fragment are in the merged document: its pointer, by the pointer there.
    private var origins: [String: String] = [:]

    /// What names an object of a list besides its id.
    private static let names = [
        "organizations": "name", "projects": "name", "users": "userName", "apps": "name", "roles": "key",
    ]
    private static let lists = Set(names.keys).union(["grants", "keys", "personalAccessTokens", "signingKeys"])
    /// Members that exclude each other: a new one replaces the others.
    private static let exclusive: [Set<String>] = [
        ["clientSecret", "clientSecretFile", "clientSecretHash"], ["password", "passwordFile", "passwordHash"],
        ["token", "tokenFile", "tokenHash"], ["publicKey", "publicKeyFile", "jwk", "keyFile", "generate"],
        ["privateKey", "privateKeyFile"],
    ]

    /// - Parameter present: the resources of the document that the fragment will be added to.
    init(present: Resources, fragment: JSONObject) {
        self.fragment = fragment
        let byName = Dictionary(grouping: present.projects, by: \.name).filter { $0.value.count == 1 }
        projectIDs = byName.mapValues { $0[0].id }
        organizationIDs = Dictionary(present.organizations.map { ($0.name, $0.id) }) { first, _ in first }
    }

    func merged(into document: JSONObject) -> JSONObject { merge(fragment, into: document, "", "") }

    /// A problem of the merged document as one of the fragment.
    func pointing(_ problem: Problem) -> Problem {
        let detail = problem.pointer.map {
            $0.isEmpty ? problem.detail : String(problem.detail.dropFirst($0.count + 2))
        }
        let all =
            problem.problems.isEmpty ? [(problem.pointer ?? "", detail ?? problem.detail)] : problem.problems
        var pointed = Problem(invalidBody: all.map { (pointer($0.0), $0.1) })
        pointed.kind = problem.kind
        return pointed
    }

    private func pointer(_ merged: String) -> String {
        var prefix = merged[...]
        while true {
            if let origin = origins[String(prefix)] { return origin + merged.dropFirst(prefix.count) }
            guard let slash = prefix.lastIndex(of: "/") else { return merged }
            prefix = prefix[..<slash]
        }
    }

    private func merge(_ object: JSONObject, into present: JSONObject, _ from: String, _ to: String) -> JSONObject {
        origins[to] = from
        var result = present
        let sent = Set(object.members.filter { $0.value != .null }.map(\.name))
        for set in Self.exclusive where !set.isDisjoint(with: sent) {
            result.members.removeAll { set.contains($0.name) && !sent.contains($0.name) }
        }
        if present["userName"] != nil, !sent.contains("changeDate") {
            result.members.removeAll { $0.name == "changeDate" }
        }
        for member in object.members {
            let (from, to) = (from + "/" + member.name, to + "/" + member.name)
            if Self.lists.contains(member.name), let added = member.value.array {
                let list = merge(added, into: result[member.name]?.array ?? [], member.name, from, to)
                result = result.setting(member.name, .array(list))
            } else if member.name == "instance", let settings = member.value.object {
                let merged = merge(settings, into: result[member.name]?.object ?? [:], from, to)
                result = result.setting(member.name, .object(merged))
            } else {
                result = JSON.object(result).merged(with: .object([member.name: member.value])).object ?? result
            }
        }
        return result
    }

    private func merge(
        _ added: [JSON], into present: [JSON], _ list: String, _ from: String, _ to: String
    ) -> [JSON] {
        var result = present
        for (index, item) in added.enumerated() {
            guard let position = result.firstIndex(where: { isSame(item, $0, list) }) else {
                origins["\(to)/\(result.count)"] = "\(from)/\(index)"
                result.append(item)
                continue
            }
            guard let object = item.object else { continue }
            let old = result[position].object ?? ["key": result[position]]
            result[position] = .object(merge(object, into: old, "\(from)/\(index)", "\(to)/\(position)"))
        }
        return result
    }

    private func isSame(_ item: JSON, _ present: JSON, _ list: String) -> Bool {
        if list == "roles" { return Self.roleKey(item) != nil && Self.roleKey(item) == Self.roleKey(present) }
        guard let item = item.object, let present = present.object else { return false }
        if let id = item["id"]?.string { return id == present["id"]?.string }
        let organization = item["organization"]?.string.map { organizationIDs[$0] ?? $0 }
        // The grant of a project names the organization alone.
        if list == "grants", item["project"] == nil, present["project"] == nil {
            return organization != nil && organization == present["organization"]?.string
        }
        if list == "grants", let project = item["project"]?.string {
            return (projectIDs[project] ?? project) == present["project"]?.string
                && (organization == nil || organization == present["organization"]?.string)
        }
        guard let name = Self.names[list], let text = item[name]?.string else { return false }
        return text == present[name]?.string
    }

    private static func roleKey(_ role: JSON) -> String? { role.string ?? role.object?["key"]?.string }
}
