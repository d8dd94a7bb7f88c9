import Model

/// Projects, and what of them is granted to other organizations, in the database.
extension Storage {
    static func projects(_ connection: Connection) throws(StorageError) -> [Project] {
        try connection.rows(
            "SELECT id, organization_id, name, state, roles, role_assertion, role_check, has_project_check FROM projects ORDER BY position, rowid"
        ) {
            Project(
                id: $0.text(0), organizationID: $0.text(1), name: $0.text(2), state: state($0.text(3)),
                roles: projectRoles($0.text(4)),
                projectRoleAssertion: $0.bool(5), projectRoleCheck: $0.bool(6), hasProjectCheck: $0.bool(7))
        }
    }

    static func upsert(_ project: Project, _ placement: RowPlacement, _ connection: Connection) throws(StorageError) {
        try upsert(
            "projects",
            common(project.id, placement) + [
                ("organization_id", .text(project.organizationID)), ("name", .text(project.name)),
                ("state", .text(project.state.rawValue)),
                ("roles", json(project.roles)), ("role_assertion", .bool(project.projectRoleAssertion)),
                ("role_check", .bool(project.projectRoleCheck)),
                ("has_project_check", .bool(project.hasProjectCheck)),
            ], connection)
    }

    static func projectGrants(_ connection: Connection) throws(StorageError) -> [ProjectGrant] {
        try connection.rows(
            "SELECT id, project_id, organization_id, roles, state FROM project_grants ORDER BY position, rowid"
        ) {
            ProjectGrant(
                id: $0.text(0), projectID: $0.text(1), organizationID: $0.text(2), roles: strings($0.text(3)),
                state: state($0.text(4)))
        }
    }

    static func upsert(_ grant: ProjectGrant, _ placement: RowPlacement, _ connection: Connection) throws(StorageError)
    {
        try upsert(
            "project_grants",
            common(grant.id, placement) + [
                ("project_id", .text(grant.projectID)), ("organization_id", .text(grant.organizationID)),
                ("roles", json(grant.roles)),
                ("state", .text(grant.state.rawValue)),
            ], connection)
    }
}
