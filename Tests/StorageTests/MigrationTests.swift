import Model
@testable import Storage
import TestSupport
import Testing

/// A database that an older version wrote: it is brought up to date, and nothing is lost.
/// The rows are written without CHECK constraints, so that the test also passes with a SQLite whose `json_valid(NULL)` is 0.
@Suite struct MigrationTests {
    @Test("each older schema is migrated to the current one", arguments: 1..<Schema.migrations.count)
    func older(version: Int) throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/db.sqlite"
        try write(Array(Schema.migrations[..<version]), path)
        let storage = try Storage(path: path)
        #expect(try storage.token(digest: [1, 2, 3])?.scopes == ["openid", "profile"])
        let session = LoginSession(
            authentication: Authentication(userID: "7", sessionID: "8", amr: ["pwd"], time: 9), browser: [4])
        try storage.save(session)
        #expect(try storage.session(id: "8") == session)
        #expect(try storage.details(.user, id: "7")?.sequence == 1)
        #expect(try storage.resources().organizations.map(\.name) == ["A"])
    }

    @Test("a database that the program wrote in November 2026 keeps all that it holds") func kept() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/db.sqlite"
        let dump = try #require(readText(packageRoot + "/Tests/StorageTests/Fixtures/schema-5.sql"))
        try Connection(path: path).execute(
            dump + "UPDATE apps SET oidc = json_set(oidc, '$.clockSkew', 3) WHERE id = '270000000000000204';")
        let storage = try Storage(path: path)
        let resources = try storage.resources()
        #expect(resources.apps.map { $0.oidc?.clockSkew } == [nil, nil, 0, 3, 0, 0])
        #expect(resources.organizations.map(\.name) == ["ACME", "Partner"])
        #expect(resources.apps.count == 6 && resources.users.count == 4 && resources.keys.count == 4)
        #expect(resources.personalAccessTokens.count == 3 && resources.userGrants.count >= 3)
        #expect(try storage.signingKeys().count == 2)
        let tokens = try storage.accessTokens(TokenFilter(userID: "270000000000000501"), limit: 10)
        #expect(tokens.map(\.scopes) == [["openid"]] && tokens.first?.endReason == nil)
        #expect(try storage.refreshTokens(TokenFilter(), limit: 10).count == 1)
        #expect(try storage.details(.app, id: "270000000000000201")?.sequence == 1)
        let connection = try Connection(path: path)
        #expect(try connection.rows("PRAGMA integrity_check") { $0.text(0) } == ["ok"])
        #expect(try connection.rows("PRAGMA foreign_key_check") { $0.text(0) }.isEmpty)
    }

    @Test("grants and user names that an older database holds twice are merged or renamed, and nothing else changes")
    func duplicates() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/db.sqlite"
        try write(Array(Schema.migrations.prefix(8)), path)
        try Connection(path: path).execute(
            """
            PRAGMA ignore_check_constraints = ON;
            INSERT INTO organizations VALUES ('2', 'B', 'b', '[]', 'active', 1, 'seed', 1), ('3', 'C', 'c', '[]', 'active', 1, 'seed', 2);
            INSERT INTO projects VALUES ('4', '1', 'P', 'active', '[]', 0, 0, 0, 'seed', 0);
            INSERT INTO project_grants VALUES
                ('11', '4', '2', '["lost"]', 'inactive', 'seed', 0), ('12', '4', '2', '["r", "w"]', 'active', 'seed', 1),
                ('13', '4', '2', '["w", "x"]', 'active', 'seed', 2), ('14', '4', '3', '["r", "r"]', 'inactive', 'seed', 3);
            INSERT INTO user_grants VALUES
                ('21', '7', '4', '1', '["r"]', 'active', 'seed', 0), ('22', '7', '4', '1', '["w", "r"]', 'active', 'api', 9),
                ('23', '7', '4', '2', '["x"]', 'active', 'seed', 1), ('24', '7', '4', '2', '["y"]', 'inactive', 'seed', 2);
            INSERT INTO users VALUES
                ('8', '1', '\u{C4}', 'active', '{}', NULL, NULL, NULL, '[]', '{}', 0, 'seed', 1),
                ('9', '1', '\u{E4}', 'active', '{}', NULL, NULL, NULL, '[]', '{}', 0, 'seed', 2),
                ('10', '2', '\u{E4}', 'active', '{}', NULL, NULL, NULL, '[]', '{}', 0, 'seed', 3);
            """)
        let storage = try Storage(path: path)
        let resources = try storage.resources()
        #expect(
            resources.projectGrants == [
                ProjectGrant(id: "12", projectID: "4", organizationID: "2", roles: ["r", "w", "x"], state: .active),
                ProjectGrant(id: "14", projectID: "4", organizationID: "3", roles: ["r", "r"], state: .inactive),
            ])
        #expect(resources.userGrants.map(\.id) == ["21", "23"])
        #expect(resources.userGrants.map(\.roles) == [["r", "w"], ["x"]])
        #expect(resources.users.map(\.userName) == ["u", "\u{C4}", "\u{E4}-9", "\u{E4}"])
        try storage.replaceResources(by: resources, at: 0)
        #expect(try storage.resources() == resources)
    }

    @Test("no constraint refuses a column that may be NULL, whatever json_valid(NULL) is")
    func nullableColumns() throws {
        let folder = TemporaryFolder()
        _ = try Storage(path: folder.path + "/db.sqlite")
        let connection = try Connection(path: folder.path + "/db.sqlite")
        let columns = try connection.rows(
            """
            SELECT t.name, c.name, t.sql FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' AND NOT c."notnull" AND NOT c.pk
            """
        ) { (table: $0.text(0), column: $0.text(1), sql: $0.text(2)) }
        #expect(columns.contains { $0.table == "apps" && $0.column == "oidc" })
        for (table, column, sql) in columns where sql.contains("json_valid(\(column))") {
            #expect(sql.contains("\(column) IS NULL OR json_valid(\(column))"), "\(table).\(column)")
        }
    }

    private func write(_ migrations: [String], _ path: String) throws {
        let connection = try Connection(path: path)
        for migration in migrations { try connection.execute(migration) }
        try connection.execute(
            """
            PRAGMA ignore_check_constraints = ON;
            PRAGMA application_id = \(Schema.applicationID); PRAGMA user_version = \(migrations.count);
            INSERT INTO organizations VALUES ('1', 'A', 'a', '[]', 'active', 1, 'seed', 0);
            INSERT INTO users (id, organization_id, user_name, state, human, instance_roles, claims, change_date, origin, position)
            VALUES ('7', '1', 'u', 'active', '{}', '[]', '{}', 0, 'seed', 0);
            INSERT INTO tokens (digest, id, user_id, client_id, scopes, audience, amr, auth_time, creation, expiration)
            VALUES (x'010203', 'V2_1-at_2', '7', 'c', 'openid profile', '', '', 1, 1, 2);
            """)
        let tables = try connection.rows("SELECT name FROM sqlite_schema") { $0.text(0) }
        if tables.contains("resource_details") {
            try connection.execute("INSERT INTO resource_details VALUES ('user', '7', 1, 0, 0)")
        }
    }
}
