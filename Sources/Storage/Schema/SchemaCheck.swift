/// Compares the schema of a database that was written before with what the migrations make.
struct SchemaCheck {
    /// Tables and columns first: whatever belongs to one that is missing is missing, too.
    private static let contents = """
        SELECT 'table ' || name FROM sqlite_schema WHERE type = 'table'
        UNION ALL SELECT 'column ' || t.name || '.' || c.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table'
        UNION ALL SELECT type || ' ' || name FROM sqlite_schema WHERE type <> 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
        """

    /// What is missing, such as "table tokens"; nil when nothing is. What somebody added does not matter.
    static func missing(in connection: Connection) throws(StorageError) -> String? {
        let reference = try Connection(path: Storage.inMemory)
        for migration in Schema.migrations { try reference.execute(migration) }
        let present = Set(try contents(of: connection))
        return try contents(of: reference).first { !present.contains($0) }
    }

    private static func contents(of connection: Connection) throws(StorageError) -> [String] {
        try connection.rows(contents) { $0.text(0) }
    }
}
