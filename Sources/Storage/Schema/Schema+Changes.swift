/// The migrations that changed the first tables, in the order in which they are run.
extension Schema {
    /// `json_valid(NULL)` is 0 before SQLite 3.42 and NULL since, so these columns could not be empty under an older library. The constraints are
    /// rewritten in place, as "Making Other Kinds Of Table Schema Changes" of SQLite's documentation of ALTER TABLE has it: no row changes.
    static let nullableJSON = """
        PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (json_valid(oidc))', 'CHECK (oidc IS NULL OR json_valid(oidc))')
        WHERE type = 'table' AND name = 'apps';
        UPDATE sqlite_schema SET sql = replace(replace(sql,
            'CHECK (json_valid(human))', 'CHECK (human IS NULL OR json_valid(human))'),
            'CHECK (json_valid(machine))', 'CHECK (machine IS NULL OR json_valid(machine))')
        WHERE type = 'table' AND name = 'users';
        UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (json_valid(actor))', 'CHECK (actor IS NULL OR json_valid(actor))')
        WHERE type = 'table' AND name IN ('tokens', 'refresh_tokens');
        PRAGMA writable_schema = RESET;
        """

    /// What survives a refresh, and what does not survive a leave.
    static let endsThatLast = """
        ALTER TABLE refresh_tokens ADD COLUMN nonce TEXT NOT NULL DEFAULT '';
        ALTER TABLE personal_access_tokens ADD COLUMN ended INTEGER NOT NULL DEFAULT 0;

        -- As with other tokens: a user who comes back needs new ones.
        CREATE TRIGGER token_owners_who_leave AFTER UPDATE OF state ON users
        WHEN NEW.state <> 'active' AND OLD.state = 'active'
        BEGIN
            UPDATE personal_access_tokens SET ended = 1 WHERE user_id = NEW.id;
        END;
        """

    /// Claims that a minted token alone has.
    static let mintedClaims = """
        ALTER TABLE tokens ADD COLUMN claims TEXT CHECK (claims IS NULL OR json_valid(claims));
        """

    /// What is left of a user who is removed. Of access tokens nothing, unless the organization is removed with the user.
    static let remnants = """
        CREATE TABLE remnants (
            digest BLOB PRIMARY KEY,
            kind TEXT NOT NULL CHECK (kind IN ('access_token', 'refresh_token', 'code', 'used_code')),
            expiration INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        -- Before the rows go with their user. An organization is gone by then, if it is what was removed.
        CREATE TRIGGER users_who_are_removed BEFORE DELETE ON users
        BEGIN
            INSERT OR REPLACE INTO remnants SELECT digest, 'refresh_token', expiration FROM refresh_tokens
            WHERE user_id = OLD.id AND ended IS NULL;
            INSERT OR REPLACE INTO remnants SELECT code, iif(redeemed, 'used_code', 'code'), code_expiration FROM auth_requests
            WHERE user_id = OLD.id AND code IS NOT NULL;
            INSERT OR REPLACE INTO remnants SELECT digest, 'access_token', expiration FROM tokens
            WHERE user_id = OLD.id AND ended IS NULL
                AND NOT EXISTS (SELECT 1 FROM organizations WHERE id = OLD.organization_id);
        END;
        """

    /// Names are unique, as ZITADEL has it, and children are found by an index when what they belong to is removed. Tokens are not: issuing one changes one
    /// page, and removing a user may read the table.
    static let namesAndDetails = """
        -- A database that an older version wrote may hold names twice; the next load of the seed says them anew.
        UPDATE organizations SET name = name || ' (' || id || ')'
        WHERE rowid NOT IN (SELECT min(rowid) FROM organizations GROUP BY name);
        UPDATE projects SET name = name || ' (' || id || ')'
        WHERE rowid NOT IN (SELECT min(rowid) FROM projects GROUP BY organization_id, name);
        UPDATE apps SET name = name || ' (' || id || ')'
        WHERE rowid NOT IN (SELECT min(rowid) FROM apps GROUP BY project_id, name);
        DROP INDEX projects_by_organization;
        DROP INDEX apps_by_project;
        CREATE UNIQUE INDEX organizations_by_name ON organizations (name);
        CREATE UNIQUE INDEX projects_by_name ON projects (organization_id, name);
        CREATE UNIQUE INDEX apps_by_name ON apps (project_id, name);

        CREATE INDEX project_grants_by_project ON project_grants (project_id);
        CREATE INDEX project_grants_by_organization ON project_grants (organization_id);
        CREATE INDEX user_grants_by_user ON user_grants (user_id);
        CREATE INDEX user_grants_by_project ON user_grants (project_id);
        CREATE INDEX user_grants_by_organization ON user_grants (organization_id);
        CREATE INDEX keys_by_app ON keys (app_id) WHERE app_id IS NOT NULL;
        CREATE INDEX keys_by_user ON keys (user_id) WHERE user_id IS NOT NULL;
        CREATE INDEX personal_access_tokens_by_user ON personal_access_tokens (user_id);
        CREATE INDEX sessions_by_user ON sessions (user_id);
        CREATE INDEX refresh_tokens_by_user ON refresh_tokens (user_id);
        CREATE INDEX auth_requests_by_user ON auth_requests (user_id) WHERE user_id IS NOT NULL;
        CREATE INDEX device_authorizations_by_user ON device_authorizations (user_id) WHERE user_id IS NOT NULL;

        -- How often each resource was changed, and when: what ZITADEL calls details.
        CREATE TABLE resource_details (
            kind TEXT NOT NULL,
            id TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            creation INTEGER NOT NULL,
            change INTEGER NOT NULL,
            PRIMARY KEY (kind, id)
        ) STRICT, WITHOUT ROWID;
        """
        + resourceTables.map { kind, table in
            """

            INSERT INTO resource_details
            SELECT '\(kind)', id, 1, unixtime, unixtime
            FROM \(table), (SELECT CAST(strftime('%s', 'now') AS INTEGER) AS unixtime);
            CREATE TRIGGER details_of_\(table) AFTER DELETE ON \(table)
            BEGIN
                DELETE FROM resource_details WHERE kind = '\(kind)' AND id = OLD.id;
            END;
            """
        }.joined()

    /// Kinds and their tables, as they were when `namesAndDetails` was written.
    private static let resourceTables = [
        ("organization", "organizations"), ("project", "projects"), ("projectGrant", "project_grants"),
        ("app", "apps"), ("user", "users"), ("userGrant", "user_grants"), ("key", "keys"),
        ("personalAccessToken", "personal_access_tokens"),
    ]

    /// The clock skew was a number of seconds, and is a duration, as in seeds.
    static let clockSkewAsText = """
        UPDATE apps SET oidc = json_set(oidc, '$.clockSkew', json_extract(oidc, '$.clockSkew') || 's')
        WHERE json_type(oidc, '$.clockSkew') = 'integer';
        """

    /// What the program lets exist once, the database does, too.
    ///
    /// User names are compared without regard to case, for all of Unicode: `lowercased` is the program's own function, and its result is stored, so that
    /// other programs can read and write the file. Login names are unique beyond that, among all organizations and their domains; the database leaves that to
    /// its only writer, since a change of one domain would rewrite a row for every user.
    static let uniqueGrantsAndUserNames =
        unique("project_grants", index: "project_grants_by_project", columns: ["project_id", "organization_id"])
        + unique("user_grants", index: "user_grants_by_user", columns: ["user_id", "project_id", "organization_id"])
            + """
            ALTER TABLE users ADD COLUMN lowercase_user_name TEXT NOT NULL DEFAULT '';
            UPDATE users SET lowercase_user_name = lowercased(user_name);
            -- No version made such users; the next load of the seed says their names anew.
            UPDATE users SET user_name = user_name || '-' || id, lowercase_user_name = lowercased(user_name || '-' || id)
            WHERE rowid NOT IN (SELECT min(rowid) FROM users GROUP BY organization_id, lowercase_user_name);
            CREATE UNIQUE INDEX users_by_lowercase_name ON users (organization_id, lowercase_user_name);
            """

    /// Which roles of a project are the seed's, so that others stay when the next one is loaded; NULL for all.
    static let rolesOfSeeds = """
        ALTER TABLE projects ADD COLUMN seed_roles TEXT CHECK (seed_roles IS NULL OR json_valid(seed_roles));
        """

    /// Makes grants unique by some columns. Older versions let a seed grant the same twice: the first that is active, or else the first, gets the roles of all
    /// in its state, and the others are removed. So nobody has a role more or less than before.
    private static func unique(_ table: String, index: String, columns: [String]) -> String {
        let key = columns.joined(separator: ", ")
        let isSame = columns.map { "other.\($0) = \(table).\($0)" }.joined(separator: " AND ")
        return """
            UPDATE \(table) SET roles = (
                SELECT json_group_array(value) FROM (
                    SELECT role.value FROM \(table) AS other, json_each(other.roles) AS role
                    WHERE \(isSame) AND other.state = \(table).state
                    GROUP BY role.value ORDER BY min(other.position), min(other.rowid), min(role.key)))
            WHERE EXISTS (SELECT 1 FROM \(table) AS other WHERE \(isSame) AND other.rowid <> \(table).rowid);
            DELETE FROM \(table) WHERE rowid NOT IN (
                SELECT first_value(rowid) OVER (PARTITION BY \(key) ORDER BY state, position, rowid) FROM \(table));
            DROP INDEX \(index);
            CREATE UNIQUE INDEX \(index) ON \(table) (\(key));

            """
    }
}
