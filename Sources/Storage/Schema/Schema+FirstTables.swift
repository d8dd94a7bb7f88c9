/// The migrations that made most tables. What became of them since is in `Schema+Changes.swift`.
extension Schema {
    static let resourcesAndTokens = """
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

    static let signIn = """
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
}
