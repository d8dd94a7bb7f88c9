import Encodings
import Model

extension ResourceDecoder {
    /// The organization that a reference names, by id or name.
    func organization(_ reference: String, _ place: SourceLocation) -> Organization? {
        if let found = world.organization(id: reference) ?? world.organization(named: reference) { return found }
        guard !diagnostics.isFull else { return nil }
        let known = world.organizations.map(\.name)
        diagnostics.add(
            place, "there is no organization \(TextRules.quoted(reference)); \(suggestion(reference, known))")
        return nil
    }

    /// The project that a reference names, by id or unique name.
    func project(_ reference: String, _ place: SourceLocation) -> Project? {
        if let found = world.project(id: reference) { return found }
        guard !diagnostics.isFull else { return nil }
        let named = world.projects(named: reference)
        if named.count > 1 {
            diagnostics.add(
                place,
                "\(named.count) projects are named \(TextRules.quoted(reference)); use the id: \(list(named.map(\.id)))"
            )
        } else if named.isEmpty {
            let known = world.projects.map(\.name)
            diagnostics.add(
                place, "there is no project \(TextRules.quoted(reference)); \(suggestion(reference, known))")
        }
        return named.count == 1 ? named[0] : nil
    }

    /// Reports those members of `roles` that the project does not have.
    func checkRoles(_ node: Node, of project: Project) {
        guard !diagnostics.isFull, !projectsWithUnreadableRoles.contains(project.id) else { return }
        for (index, role) in (node.strings("roles") ?? []).enumerated() where !world.hasRole(role, project.id) {
            let known = project.roles.map(\.key)
            let hint =
                Similarity.nearest(to: role, in: known).map { "did you mean \"\($0)\"?" } ?? "it has \(list(known))"
            diagnostics.add(
                node.member("roles").element(index),
                "\(TextRules.quoted(role)) is not a role of project \"\(project.name)\"; \(hint)")
        }
    }

    private func suggestion(_ text: String, _ known: [String]) -> String {
        Similarity.nearest(to: text, in: known).map { "did you mean \"\($0)\"?" }
            ?? (known.isEmpty ? "there are none" : "there are \(list(known))")
    }

    func list(_ names: [String]) -> String {
        names.isEmpty
            ? "none" : names.prefix(12).map { "\"\($0)\"" }.joined(separator: ", ") + (names.count > 12 ? ", …" : "")
    }
}
