import CSQLite

/// What SQLite says of a constraint, in words for the caller.
enum ConstraintMessage {
    /// By the columns that SQLite names.
    private static let unique = [
        "organizations.name": "another organization has this name",
        "projects.organization_id, projects.name": "another project of the organization has this name",
        "apps.project_id, apps.name": "another app of the project has this name",
        "apps.client_id": "another app has this client id",
        "users.organization_id, users.user_name": "another user of the organization has this user name",
        "users.organization_id, users.lowercase_user_name": "another user of the organization has this user name",
        "project_grants.project_id, project_grants.organization_id":
            "the project is granted to the organization already",
        "user_grants.user_id, user_grants.project_id, user_grants.organization_id":
            "the organization has granted the project to the user already",
        "personal_access_tokens.digest": "another personal access token has this value",
    ]

    /// - Parameter message: that of an error `SQLITE_CONSTRAINT`.
    static func of(_ message: String) -> String {
        let columns = message.hasPrefix("UNIQUE constraint failed: ") ? String(message.dropFirst(26)) : ""
        if let message = unique[columns] { return message }
        if columns.hasSuffix(".id") { return "the id is taken" }
        return message.hasPrefix("FOREIGN KEY")
            ? "what it refers to is not there" : "a value is taken, or not one that can be stored"
    }
}
