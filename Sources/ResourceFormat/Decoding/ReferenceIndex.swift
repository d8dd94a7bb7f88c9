import Encodings
import Model

/// Organizations and projects by what a reference may be: an id or a name.
struct ReferenceIndex {
    private(set) var organizations: [Organization] = []
    private(set) var projects: [Project] = []
    private var organizationIndices: [String: Int] = [:]
    private var organizationIndicesByName: [ExactString: Int] = [:]
    private var projectIndices: [String: Int] = [:]
    private var projectIndicesByName: [ExactString: [Int]] = [:]
    /// Organization id and project name.
    private var projectNames: Set<[ExactString]> = []
    private var projectGrants: [[String]: ProjectGrant] = [:]
    private var roleKeys: [String: Set<ExactString>] = [:]

    /// Adds an organization, or replaces the one with its id.
    mutating func add(_ organization: Organization) {
        if let index = organizationIndices[organization.id] {
            organizations[index] = organization
        } else {
            organizationIndices[organization.id] = organizations.count
            organizationIndicesByName[ExactString(organization.name)] = organizations.count
            organizations.append(organization)
        }
    }

    /// Adds a project, or replaces the one with its id.
    mutating func add(_ project: Project) {
        if let index = projectIndices[project.id] {
            projects[index] = project
        } else {
            projectIndices[project.id] = projects.count
            projectIndicesByName[ExactString(project.name), default: []].append(projects.count)
            projectNames.insert([ExactString(project.organizationID), ExactString(project.name)])
            projects.append(project)
        }
        roleKeys[project.id] = Set(project.roles.map { ExactString($0.key) })
    }

    mutating func add(_ grant: ProjectGrant) { projectGrants[[grant.projectID, grant.organizationID]] = grant }

    func organization(id: String) -> Organization? { organizationIndices[id].map { organizations[$0] } }
    func organization(named name: String) -> Organization? {
        organizationIndicesByName[ExactString(name)].map { organizations[$0] }
    }
    func project(id: String) -> Project? { projectIndices[id].map { projects[$0] } }
    func projects(named name: String) -> [Project] {
        (projectIndicesByName[ExactString(name)] ?? []).map { projects[$0] }
    }
    /// Whether an organization has a project of that name.
    func hasProject(named name: String, in organizationID: String) -> Bool {
        projectNames.contains([ExactString(organizationID), ExactString(name)])
    }
    func grant(of projectID: String, to organizationID: String) -> ProjectGrant? {
        projectGrants[[projectID, organizationID]]
    }
    func hasRole(_ key: String, _ projectID: String) -> Bool { roleKeys[projectID]?.contains(ExactString(key)) == true }
}
