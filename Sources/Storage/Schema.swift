/// The schema as a list of migrations: each is run once, in order, and never edited afterwards. `PRAGMA user_version` counts those that were run.
enum Schema {
    /// Marks the file as ours ("MZIT").
    static let applicationID: Int64 = 0x4D5A_4954

    static let migrations = [
        resourcesAndTokens, signIn, nullableJSON, endsThatLast, mintedClaims, remnants, namesAndDetails,
        clockSkewAsText,
    ]

    private static let resourcesAndTokens = """
        CREATE TABLE settings (
            name TEXT PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE organizations (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            primary_domain TEXT NOT NULL,
            domains TEXT NOT NULL CHECK (json_valid(domains)),
            state TEXT NOT NULL CHECK (state IN ('active', 'inactive')),
            user_login_must_be_domain INTEGER NOT NULL,
            origin TEXT NOT NULL,
            position INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE projects (
            id TEXT PRIMARY KEY,
            organization_id TEXT NOT NULL REFERENCES organizations ON DELETE CASCADE,
            name TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('active', 'inactive')),
            roles TEXT NOT NULL CHECK (json_valid(roles)),
            role_assertion INTEGER NOT NULL,
            role_check INTEGER NOT NULL,
            has_project_check INTEGER NOT NULL,
            origin TEXT NOT NULL,
            position INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX projects_by_organization ON projects (organization_id);

        CREATE TABLE project_grants (
            id TEXT PRIMARY KEY,
            project_id TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
            organization_id TEXT NOT NULL REFERENCES organizations ON DELETE CASCADE,
            roles TEXT NOT NULL CHECK (json_valid(roles)),
            state TEXT NOT NULL CHECK (state IN ('active', 'inactive')),
            origin TEXT NOT NULL,
            position INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE apps (
            id TEXT PRIMARY KEY,
            project_id TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
            name TEXT NOT NULL,
            client_id TEXT NOT NULL UNIQUE,
            state TEXT NOT NULL CHECK (state IN ('active', 'inactive')),
            auth_method TEXT NOT NULL,
            secret_salt BLOB,
            secret_digest BLOB,
            oidc TEXT CHECK (json_valid(oidc)),
            origin TEXT NOT NULL,
            position INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX apps_by_project ON apps (project_id);

        CREATE TABLE users (
            id TEXT PRIMARY KEY,
            organization_id TEXT NOT NULL REFERENCES organizations ON DELETE CASCADE,
            user_name TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('active', 'inactive', 'locked', 'initial', 'deleted')),
            human TEXT CHECK (json_valid(human)),
            machine TEXT CHECK (json_valid(machine)),
            secret_salt BLOB,
            secret_digest BLOB,
            instance_roles TEXT NOT NULL CHECK (json_valid(instance_roles)),
            claims TEXT NOT NULL CHECK (json_valid(claims)),
            change_date INTEGER NOT NULL,
            origin TEXT NOT NULL,
            position INTEGER NOT NULL,
            CHECK ((human IS NULL) <> (machine IS NULL)),
            UNIQUE (organization_id, user_name)
        ) STRICT;

        CREATE TABLE user_metadata (
            user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
            key TEXT NOT NULL,
            value BLOB NOT NULL,
            PRIMARY KEY (user_id, key)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE user_grants (
            id TEXT PRIMARY KEY,
            user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
            project_id TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
            organization_id TEXT NOT NULL REFERENCES organizations ON DELETE CASCADE,
            roles TEXT NOT NULL CHECK (json_valid(roles)),
            state TEXT NOT NULL CHECK (state IN ('active', 'inactive')),
            origin TEXT NOT NULL,
            position INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE keys (
            id TEXT PRIMARY KEY,
            app_id TEXT REFERENCES apps ON DELETE CASCADE,
            user_id TEXT REFERENCES users ON DELETE CASCADE,
            public_key TEXT NOT NULL,
            expiration INTEGER NOT NULL,
            origin TEXT NOT NULL,
            position INTEGER NOT NULL,
            CHECK ((app_id IS NULL) <> (user_id IS NULL))
        ) STRICT;

        CREATE TABLE personal_access_tokens (
            id TEXT PRIMARY KEY,
            user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
            digest BLOB NOT NULL UNIQUE,
            scopes TEXT NOT NULL,
            creation INTEGER NOT NULL,
            expiration INTEGER NOT NULL,
            origin TEXT NOT NULL,
            position INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE signing_keys (
            id TEXT PRIMARY KEY,
            algorithm TEXT NOT NULL,
            private_key TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('initial', 'active', 'inactive')),
            origin TEXT NOT NULL,
            position INTEGER NOT NULL
        ) STRICT;

        -- One tree and no index: tokenIssuer a token changes one page. Questions by user or by age are rare, and may read the whole table.
        CREATE TABLE tokens (
            digest BLOB PRIMARY KEY,
            id TEXT NOT NULL,
            user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
            client_id TEXT NOT NULL,
            scopes TEXT NOT NULL,
            audience TEXT NOT NULL,
            amr TEXT NOT NULL,
            auth_time INTEGER NOT NULL,
            creation INTEGER NOT NULL,
            expiration INTEGER NOT NULL,
            ended TEXT
        ) STRICT, WITHOUT ROWID;

        -- A user who is deactivated or locked loses all tokens, and does not get them back.
        CREATE TRIGGER users_who_leave AFTER UPDATE OF state ON users WHEN NEW.state <> 'active' AND OLD.state = 'active'
        BEGIN
            UPDATE tokens SET ended = 'user_inactive' WHERE user_id = NEW.id AND ended IS NULL;
        END;
        """

    private static let signIn = """
        CREATE TABLE sessions (
            id TEXT PRIMARY KEY,
            user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
            browser BLOB NOT NULL,
            amr TEXT NOT NULL,
            auth_time INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX sessions_by_browser ON sessions (browser);

        -- Who got tokens from a session, and is to hear of its end.
        CREATE TABLE session_clients (
            session_id TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE,
            client_id TEXT NOT NULL,
            PRIMARY KEY (session_id, client_id)
        ) STRICT, WITHOUT ROWID;

        -- The request does not change; what the sign-in adds to it is in separate columns.
        CREATE TABLE auth_requests (
            id TEXT PRIMARY KEY,
            request TEXT NOT NULL CHECK (json_valid(request)),
            creation INTEGER NOT NULL,
            code BLOB UNIQUE,
            code_expiration INTEGER,
            user_id TEXT REFERENCES users ON DELETE CASCADE,
            session_id TEXT,
            amr TEXT,
            auth_time INTEGER,
            redeemed INTEGER NOT NULL DEFAULT 0
        ) STRICT;

        CREATE TABLE refresh_tokens (
            digest BLOB PRIMARY KEY,
            id TEXT NOT NULL,
            access_token BLOB NOT NULL,
            user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
            client_id TEXT NOT NULL,
            scopes TEXT NOT NULL,
            audience TEXT NOT NULL,
            amr TEXT NOT NULL,
            auth_time INTEGER NOT NULL,
            session_id TEXT,
            actor TEXT CHECK (json_valid(actor)),
            idle_expiration INTEGER NOT NULL,
            expiration INTEGER NOT NULL,
            ended TEXT
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE device_authorizations (
            digest BLOB PRIMARY KEY,
            user_code TEXT NOT NULL UNIQUE,
            client_id TEXT NOT NULL,
            scopes TEXT NOT NULL,
            expiration INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'denied', 'redeemed')),
            user_id TEXT REFERENCES users ON DELETE CASCADE,
            session_id TEXT,
            amr TEXT,
            auth_time INTEGER
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE password_failures (
            user_id TEXT PRIMARY KEY REFERENCES users ON DELETE CASCADE,
            count INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        ALTER TABLE tokens ADD COLUMN session_id TEXT;
        -- Edited after its release, the only migration that ever was: with the first text, SQLite before 3.42 refused every table with a row.
        ALTER TABLE tokens ADD COLUMN actor TEXT CHECK (actor IS NULL OR json_valid(actor));
        -- Only tokens of human users have a session, so issuing one to a service user still changes one page.
        CREATE INDEX tokens_by_session ON tokens (session_id) WHERE session_id IS NOT NULL;
        """

    /// `json_valid(NULL)` is 0 before SQLite 3.42 and NULL since, so these columns could not be empty under an older library. The constraints are
    /// rewritten in place, as "Making Other Kinds Of Table Schema Changes" of SQLite's documentation of ALTER TABLE has it: no row changes.
    private static let nullableJSON = """
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
    private static let endsThatLast = """
        ALTER TABLE refresh_tokens ADD COLUMN nonce TEXT NOT NULL DEFAULT '';
        ALTER TABLE personal_access_tokens ADD COLUMN ended INTEGER NOT NULL DEFAULT 0;

        -- As with other tokens: a user who comes back needs new ones.
        CREATE TRIGGER token_owners_who_leave AFTER UPDATE OF state ON users
        WHEN NEW.state <> 'active' AND OLD.state = 'active'
        BEGIN
            UPDATE personal_access_tokens SET ended = 1 WHERE user_id = NEW.id;
        END;
        """

    /// What is left of a user who is removed. Of access tokens nothing, unless the organization is removed with the user.
    private static let remnants = """
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
    private static let namesAndDetails = """
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
    private static let clockSkewAsText = """
        UPDATE apps SET oidc = json_set(oidc, '$.clockSkew', json_extract(oidc, '$.clockSkew') || 's')
        WHERE json_type(oidc, '$.clockSkew') = 'integer';
        """

    /// Claims that a minted token alone has.
    private static let mintedClaims = """
        ALTER TABLE tokens ADD COLUMN claims TEXT CHECK (claims IS NULL OR json_valid(claims));
        """
}
