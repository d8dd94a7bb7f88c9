import Model

/// Organizations in the database.
extension Storage {
    static func organizations(_ connection: Connection) throws(StorageError) -> [Organization] {
        try connection.rows(
            "SELECT id, name, primary_domain, domains, state, user_login_must_be_domain FROM organizations ORDER BY position, rowid"
        ) {
            Organization(
                id: $0.text(0), name: $0.text(1), primaryDomain: $0.text(2), domains: strings($0.text(3)),
                state: state($0.text(4)),
                userLoginMustBeDomain: $0.bool(5))
        }
    }

    static func upsert(
        _ organization: Organization, _ placement: RowPlacement, _ connection: Connection
    ) throws(StorageError) {
        try upsert(
            "organizations",
            common(organization.id, placement) + [
                ("name", .text(organization.name)), ("primary_domain", .text(organization.primaryDomain)),
                ("domains", json(organization.domains)),
                ("state", .text(organization.state.rawValue)),
                ("user_login_must_be_domain", .bool(organization.userLoginMustBeDomain)),
            ], connection)
    }
}
