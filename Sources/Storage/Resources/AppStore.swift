import Model

/// Apps in the database.
extension Storage {
    static func apps(_ connection: Connection) throws(StorageError) -> [App] {
        try connection.rows(
            "SELECT id, project_id, name, client_id, state, auth_method, secret_salt, secret_digest, oidc FROM apps ORDER BY position, rowid"
        ) {
            App(
                id: $0.text(0), projectID: $0.text(1), name: $0.text(2), clientID: $0.text(3), state: state($0.text(4)),
                authMethod: AuthMethod(rawValue: $0.text(5)) ?? .basic, secret: secret($0, 6),
                oidc: $0.optionalText(8).map(oidcSettings))
        }
    }

    static func upsert(_ app: App, _ placement: RowPlacement, _ connection: Connection) throws(StorageError) {
        try upsert(
            "apps",
            common(app.id, placement) + columns(app.secret) + [
                ("project_id", .text(app.projectID)), ("name", .text(app.name)), ("client_id", .text(app.clientID)),
                ("state", .text(app.state.rawValue)),
                ("auth_method", .text(app.authMethod.rawValue)), ("oidc", json(app.oidc)),
            ], connection)
    }
}
