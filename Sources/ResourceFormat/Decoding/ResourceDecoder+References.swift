import Encodings
import Model

extension ResourceDecoder {
    /// The organization that a reference names, by id or name.
    func organization(_ reference: String, _ location: SourceLocation) -> Organization? {
        if let found = references.organization(id: reference) ?? references.organization(named: reference) {
            return found
        }
        diagnostics.add(
            location,
            "there is no organization \(TextRules.quoted(reference)); \(suggestion(reference, references.allOrganizations.lazy.map(\.name)))"
        )
        return nil
    }

    /// The project that a reference names, by id or unique name.
    func project(_ reference: String, _ location: SourceLocation) -> Project? {
        if let found = references.project(id: reference) { return found }
        let named = references.projects(named: reference)
        if named.count > 1 {
            diagnostics.add(
                location,
                "\(named.count) projects are named \(TextRules.quoted(reference)); use the id: \(list(named.map(\.id)))"
            )
        } else if named.isEmpty {
            diagnostics.add(
                location,
                "there is no project \(TextRules.quoted(reference)); \(suggestion(reference, references.allProjects.lazy.map(\.name)))"
            )
        }
        return named.count == 1 ? named[0] : nil
    }

    /// Reports those members of `roles` that the project does not have.
    func checkRoles(_ node: Node, of project: Project) {
        guard !projectsWithUnreadableRoles.contains(project.id) else { return }
        for element in node.elements("roles") {
            guard let role = element.value.string, !references.hasRole(role, project.id) else { continue }
            diagnostics.add(
                element.location,
                "\(TextRules.quoted(role)) is not a role of project \"\(project.name)\"; \(roleHint(role, project))")
        }
    }

    private func roleHint(_ role: String, _ project: Project) -> String {
        let known = project.roles.lazy.map(\.key)
        return nearest(role, known).map { "did you mean \"\($0)\"?" } ?? "it has \(list(known))"
    }

    private func suggestion(_ text: String, _ known: some Collection<String>) -> String {
        nearest(text, known).map { "did you mean \"\($0)\"?" }
            ?? (known.isEmpty ? "there are none" : "there are \(list(known))")
    }

    private func nearest(_ text: String, _ known: some Collection<String>) -> String? {
        diagnostics.wantsHint ? Similarity.nearest(to: text, in: known) : nil
    }

    func list(_ names: some Collection<String>) -> String { names.lazy.map { "\"\($0)\"" }.abridgedList }
}
