import Encodings
import Model

/// Organizations and projects by what a reference may be: an id or a name. Those of a document hide existing ones with the same id.
struct ReferenceIndex {
    /// Resources of a document.
    private struct Declared<Value> {
        private(set) var values: [Value] = []
        private var indices: [String: Int] = [:]
        private var indicesByName: [ExactString: [Int]] = [:]

        func has(_ id: String) -> Bool { indices[id] != nil }
        func value(id: String) -> Value? { indices[id].map { values[$0] } }
        func values(named name: String) -> [Value] { (indicesByName[ExactString(name)] ?? []).map { values[$0] } }

        mutating func add(_ value: Value, id: String, name: String) {
            if let index = indices[id] {
                values[index] = value
            } else {
                indices[id] = values.count
                indicesByName[ExactString(name), default: []].append(values.count)
                values.append(value)
            }
        }
    }

    private let existing: any ExistingResources
    private var organizations = Declared<Organization>()
    private var projects = Declared<Project>()
    /// The ids of those of the document by domain, in lower case.
    private var organizationIDs: [ExactString: String] = [:]
    /// By the ids of organizations and the names of projects in the document.
    private var projectIDs: [[ExactString]: String] = [:]
    private var projectGrants: [[String]: ProjectGrant] = [:]
    /// Those of projects that were asked for, by project id.
    private var roleKeys: [String: Set<ExactString>] = [:]

    init(_ existing: any ExistingResources) { self.existing = existing }

    /// Adds an organization, or replaces the one with its id.
    mutating func add(_ organization: Organization) {
        organizations.add(organization, id: organization.id, name: organization.name)
        for domain in organization.allDomains { organizationIDs[ExactString(domain.lowercased())] = organization.id }
    }

    /// Adds a project, or replaces the one with its id.
    mutating func add(_ project: Project) {
        projects.add(project, id: project.id, name: project.name)
        projectIDs[[ExactString(project.organizationID), ExactString(project.name)]] = project.id
        roleKeys[project.id] = nil
    }

    mutating func add(_ grant: ProjectGrant) { projectGrants[[grant.projectID, grant.organizationID]] = grant }

    func organization(id: String) -> Organization? { organizations.value(id: id) ?? existing.organization(id: id) }
    func organization(named name: String) -> Organization? {
        organizations.values(named: name).last
            ?? existing.organization(named: name).flatMap { organization(id: $0.id) }
    }
    /// - Parameter domain: in lower case.
    func organization(domain: String) -> Organization? {
        let ids = [organizationIDs[ExactString(domain)]].compactMap(\.self) + existing.organizationIDs(domain: domain)
        return ids.lazy.compactMap { organization(id: $0) }.first { $0.has(domain: domain) }
    }
    func project(id: String) -> Project? { projects.value(id: id) ?? existing.project(id: id) }
    func projects(named name: String) -> [Project] {
        existing.projects(named: name).filter { !projects.has($0.id) } + projects.values(named: name)
    }
    /// The project of an organization that has a name.
    func project(named name: String, in organizationID: String) -> Project? {
        projectIDs[[ExactString(organizationID), ExactString(name)]].flatMap { project(id: $0) }
            ?? existing.projects(named: name).first { $0.organizationID == organizationID }
    }
    func grant(of projectID: String, to organizationID: String) -> ProjectGrant? {
        projectGrants[[projectID, organizationID]] ?? existing.projectGrant(of: projectID, to: organizationID)
    }
    mutating func hasRole(_ key: String, _ projectID: String) -> Bool {
        if roleKeys[projectID] == nil { roleKeys[projectID] = project(id: projectID)?.roles.map(\.key).exactStrings }
        return roleKeys[projectID]?.contains(ExactString(key)) == true
    }

    /// The existing ones and those of the document.
    var allOrganizations: [Organization] {
        Self.all(existing.resources.organizations, organizations.values) { [organizations] in organizations.has($0.id) }
    }
    var allProjects: [Project] {
        Self.all(existing.resources.projects, projects.values) { [projects] in projects.has($0.id) }
    }

    /// A copy is made only where there are both, since hints ask again and again.
    private static func all<Value>(
        _ existing: [Value], _ declared: [Value], isHidden: (Value) -> Bool
    ) -> [Value] {
        if existing.isEmpty { return declared }
        return declared.isEmpty ? existing : existing.filter { !isHidden($0) } + declared
    }
}
