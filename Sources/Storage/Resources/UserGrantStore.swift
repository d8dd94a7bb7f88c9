import Model

/// Grants of users in the database.
extension Storage {
    static func userGrants(_ connection: Connection) throws(StorageError) -> [UserGrant] {
        try connection.rows(
            "SELECT id, user_id, project_id, organization_id, roles, state FROM user_grants ORDER BY position, rowid"
        ) {
            UserGrant(
                id: $0.text(0), userID: $0.text(1), projectID: $0.text(2), organizationID: $0.text(3),
                roles: strings($0.text(4)), state: state($0.text(5)))
        }
    }

    static func upsert(_ grant: UserGrant, _ placement: RowPlacement, _ connection: Connection) throws(StorageError) {
        try upsert(
            "user_grants",
            common(grant.id, placement) + [
                ("user_id", .text(grant.userID)), ("project_id", .text(grant.projectID)),
                ("organization_id", .text(grant.organizationID)),
                ("roles", json(grant.roles)), ("state", .text(grant.state.rawValue)),
            ], connection)
    }
}
