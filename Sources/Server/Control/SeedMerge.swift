import Encodings
import Model
import ResourceFormat

/// Adds a part of a seed to a whole one: resources that both have, by id or name, are merged (RFC 7396), others are added.
final class SeedMerge {
    private let fragment: JSONObject
    private let projectIDs: [String: String]
    private let organizationIDs: [String: String]
    /// Where the lists of the fragment are in the merged document: what is known of each, by its pointer there. Several of them may have become one.
    private var origins: [String: [Origin]] = [:]

    /// A list of the fragment.
    private struct Origin {
        let pointer: String
        /// How many elements the merged list had without it. Those that follow are of the fragment.
        let present: Int
        var appended: [Int] = []
        /// Elements that were merged into present ones, by their positions.
        var merged: [Int: Int] = [:]

        func number(at position: Int) -> Int? {
            merged[position] ?? (appended.indices.contains(position - present) ? appended[position - present] : nil)
        }
    }

    private static let lists = Set(SeedMergeIndex.names.keys).union([
        "grants", "keys", "personalAccessTokens", "signingKeys",
    ])
    /// Members for one secret, of which the present document has the hash: a new one replaces the others, null removes all.
    private static let secrets: [Set<String>] = [
        ["clientSecret", "clientSecretFile", "clientSecretHash"], ["password", "passwordFile", "passwordHash"],
        ["token", "tokenFile", "tokenHash"],
    ]
    /// Further members that exclude each other: a new one replaces the others.
    private static let exclusive: [Set<String>] = [
        ["publicKey", "publicKeyFile", "jwk", "keyFile", "generate"], ["privateKey", "privateKeyFile"],
    ]

    /// The members that decide which others do not outlast a change.
    private static let replacing = Set((secrets + exclusive).joined()).union(["changeDate"])

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
        let segments = merged.split(separator: "/", omittingEmptySubsequences: false)
        for count in stride(from: segments.count - 1, to: 0, by: -1) {
            guard let lists = origins[segments[..<count].joined(separator: "/")], let position = Int(segments[count])
            else { continue }
            for list in lists.reversed() {
                guard let number = list.number(at: position) else { continue }
                return ([list.pointer, "\(number)"] + segments[(count + 1)...].map(String.init)).joined(separator: "/")
            }
        }
        return merged
    }

    private func merge(_ object: JSONObject, into present: JSONObject, _ from: String, _ to: String) -> JSONObject {
        present.without(replaced(by: object, in: present)).merging(object) { name, old, new in
            if Self.lists.contains(name), let added = new.array {
                return .array(merge(added, into: old?.array ?? [], name, from + "/" + name, to + "/" + name))
            }
            if name == "instance", let settings = new.object {
                return .object(merge(settings, into: old?.object ?? [:], from + "/" + name, to + "/" + name))
            }
            return new == .null ? nil : (old ?? .null).merged(with: new)
        }
    }

    /// The members of a present object that do not outlast a change.
    private func replaced(by object: JSONObject, in present: JSONObject) -> Set<String> {
        // Of what may be many members, those that matter here.
        let members = object.members.filter { Self.replacing.contains($0.name) }
        let named = Set(members.map(\.name))
        let sent = Set(members.filter { $0.value != .null }.map(\.name))
        let sets =
            Self.secrets.filter { !$0.isDisjoint(with: named) } + Self.exclusive.filter { !$0.isDisjoint(with: sent) }
        var replaced = sets.reduce(into: Set<String>()) { $0.formUnion($1.subtracting(sent)) }
        if present["userName"] != nil, !sent.contains("changeDate") { replaced.insert("changeDate") }
        return replaced
    }

    private func merge(
        _ added: [JSON], into present: [JSON], _ list: String, _ from: String, _ to: String
    ) -> [JSON] {
        var result = present
        var index = SeedMergeIndex(list, projectIDs: projectIDs, organizationIDs: organizationIDs)
        for (position, item) in present.enumerated() { index.add(item, at: position) }
        var origin = Origin(pointer: from, present: present.count)
        defer { origins[to, default: []].append(origin) }
        for (number, item) in added.enumerated() {
            guard let position = index.position(of: item) else {
                origin.appended.append(number)
                index.add(item, at: result.count)
                result.append(item)
                continue
            }
            origin.merged[position] = number
            guard let object = item.object else { continue }
            let old = result[position]
            let merged = merge(object, into: old.object ?? ["key": old], "\(from)/\(number)", "\(to)/\(position)")
            result[position] = .object(merged)
            index.replace(old, by: result[position], at: position)
        }
        return result
    }
}
