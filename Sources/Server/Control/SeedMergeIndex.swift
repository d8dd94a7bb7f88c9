import Encodings

/// Where the objects of a list of a seed are, by what names them: an id, or else what is unique in such a list.
struct SeedMergeIndex {
    /// What names an object of a list besides its id.
    static let names = [
        "organizations": "name", "projects": "name", "users": "userName", "apps": "name", "roles": "key",
    ]

    /// What an object is found by.
    private enum Key: Hashable {
        case id(ExactString)
        case name(ExactString)
        /// The grants of a user name a project, and perhaps the organization that grants.
        case grant(project: ExactString, organization: ExactString?)
        /// The grants of a project name the organization alone.
        case organization(ExactString)
    }

    private let list: String
    private let projectIDs: [String: String]
    private let organizationIDs: [String: String]
    private var positions: [Key: Int] = [:]

    /// - Parameters:
    ///   - list: the member that the list is the value of, such as "users".
    ///   - projectIDs: by those names that only one project has.
    ///   - organizationIDs: by name.
    init(_ list: String, projectIDs: [String: String], organizationIDs: [String: String]) {
        self.list = list
        self.projectIDs = projectIDs
        self.organizationIDs = organizationIDs
    }

    mutating func add(_ item: JSON, at position: Int) {
        for key in keys(item) where positions[key] == nil { positions[key] = position }
    }

    /// Another value of an object, which may have another name now.
    mutating func replace(_ old: JSON, by new: JSON, at position: Int) {
        for key in keys(old) where positions[key] == position { positions[key] = nil }
        add(new, at: position)
    }

    /// Where the object is that an object of a fragment is about; nil for a new one.
    func position(of item: JSON) -> Int? { wanted(item).flatMap { positions[$0] } }

    /// Everything that a present object is found by.
    private func keys(_ item: JSON) -> [Key] {
        if list == "roles" { return Self.roleKey(item).map { [.name(ExactString($0))] } ?? [] }
        guard let object = item.object else { return [] }
        var keys: [Key] = []
        if let id = object["id"]?.string { keys.append(.id(ExactString(id))) }
        if list == "grants" {
            let organization = object["organization"]?.string.map(organizationID)
            if let project = object["project"]?.string.map(projectID) {
                keys.append(.grant(project: project, organization: nil))
                if let organization { keys.append(.grant(project: project, organization: organization)) }
            } else if let organization {
                keys.append(.organization(organization))
            }
        } else if let name = Self.names[list].flatMap({ object[$0]?.string }) {
            keys.append(.name(ExactString(name)))
        }
        return keys
    }

    /// What an object of a fragment is looked for by.
    private func wanted(_ item: JSON) -> Key? {
        if list == "roles" { return Self.roleKey(item).map { .name(ExactString($0)) } }
        guard let object = item.object else { return nil }
        if let id = object["id"]?.string { return .id(ExactString(id)) }
        if list == "grants" {
            let organization = object["organization"]?.string.map(organizationID)
            guard let project = object["project"]?.string.map(projectID) else {
                return organization.map { .organization($0) }
            }
            return .grant(project: project, organization: organization)
        }
        return Self.names[list].flatMap { object[$0]?.string }.map { .name(ExactString($0)) }
    }

    private func projectID(_ reference: String) -> ExactString { ExactString(projectIDs[reference] ?? reference) }
    private func organizationID(_ reference: String) -> ExactString {
        ExactString(organizationIDs[reference] ?? reference)
    }

    private static func roleKey(_ role: JSON) -> String? { role.string ?? role.object?["key"]?.string }
}
