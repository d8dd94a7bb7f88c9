import Model

/// Finds out why the database refused a seed: two of its resources are at odds with each other, or one with a resource that was made through the API.
struct SeedConflict {
    /// A value that only one resource may have.
    private struct Unique {
        let kind: Resource.Kind
        let id: String
        let columns: [(name: String, value: Value)]
        /// How a message calls the value.
        let value: String
        /// The same, of two resources.
        let sharedValue: String

        /// Equal for resources that are at odds.
        var key: String { columns.map { "\($0.value)" }.joined(separator: "\u{0}") }
    }

    let seed: Resources
    /// What SQLite said.
    let message: String

    private var lists: [[Unique]] {
        [
            seed.users.map { user in
                Unique(
                    kind: .user, id: user.id,
                    columns: [
                        ("organization_id", .text(user.organizationID)),
                        ("lowercase_user_name", .text(user.userName.lowercased())),
                    ],
                    value: "the user name \"\(user.userName)\"",
                    sharedValue: "the user name \"\(user.userName)\" in one organization")
            },
            seed.apps.map { app in
                let value = "the client id \"\(app.clientID)\""
                return Unique(
                    kind: .app, id: app.id, columns: [("client_id", .text(app.clientID))], value: value,
                    sharedValue: value)
            },
            seed.organizations.map { organization in
                let value = "the name \"\(organization.name)\""
                return Unique(
                    kind: .organization, id: organization.id,
                    columns: [("name", .text(organization.name))], value: value, sharedValue: value)
            },
            seed.projects.map { project in
                Unique(
                    kind: .project, id: project.id,
                    columns: [("organization_id", .text(project.organizationID)), ("name", .text(project.name))],
                    value: "the name \"\(project.name)\"",
                    sharedValue: "the name \"\(project.name)\" in one organization")
            },
            seed.apps.map { app in
                Unique(
                    kind: .app, id: app.id,
                    columns: [("project_id", .text(app.projectID)), ("name", .text(app.name))],
                    value: "the name \"\(app.name)\"", sharedValue: "the name \"\(app.name)\" in one project")
            },
            seed.projectGrants.map { grant in
                let value = "project \(grant.projectID) and organization \(grant.organizationID)"
                return Unique(
                    kind: .projectGrant, id: grant.id,
                    columns: [
                        ("project_id", .text(grant.projectID)), ("organization_id", .text(grant.organizationID)),
                    ], value: value, sharedValue: value)
            },
            seed.userGrants.map { grant in
                let value = "user \(grant.userID), project \(grant.projectID) and organization \(grant.organizationID)"
                return Unique(
                    kind: .userGrant, id: grant.id,
                    columns: [
                        ("user_id", .text(grant.userID)), ("project_id", .text(grant.projectID)),
                        ("organization_id", .text(grant.organizationID)),
                    ], value: value, sharedValue: value)
            },
            seed.personalAccessTokens.map { token in
                Unique(
                    kind: .personalAccessToken, id: token.id,
                    columns: [("digest", .blob(token.digest))], value: "the value", sharedValue: "the same value")
            },
        ]
    }

    /// The message for the author of the seed.
    /// - Parameter connection: to the database, in which nothing of the seed is left.
    func message(_ connection: Connection) throws(StorageError) -> String {
        for list in lists {
            var seen: [String: Unique] = [:]
            for unique in list {
                if let other = seen.updateValue(unique, forKey: unique.key) {
                    return
                        "the seed has two \(unique.kind.noun)s with \(unique.sharedValue): \(other.id) and \(unique.id)"
                }
            }
            let ids = Set(list.map(\.id))
            for unique in list {
                guard let other = try foreign(unique, connection), !ids.contains(other) else { continue }
                return
                    "\(unique.kind.noun) \(unique.id) of the seed has \(unique.value) of \(unique.kind.noun) \(other), which was made through the API; use a fresh --database, or remove one of them"
            }
        }
        return "the seed does not fit together: \(ConstraintMessage.of(message))"
    }

    /// The resource with this value that is not of the seed.
    private func foreign(_ unique: Unique, _ connection: Connection) throws(StorageError) -> String? {
        let conditions = unique.columns.map { "\($0.name) = ?" }.joined(separator: " AND ")
        return try connection.rows(
            "SELECT id FROM \(unique.kind.table) WHERE origin <> 'seed' AND \(conditions)", unique.columns.map(\.value)
        ) { $0.text(0) }.first
    }
}
