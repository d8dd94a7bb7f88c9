public import Model

/// Details of resources in the database.
extension Storage {
    /// nil for a resource that is not there.
    public func details(_ kind: Resource.Kind, id: String) throws(StorageError) -> ResourceDetails? {
        try read { connection throws(StorageError) in
            try connection.rows(
                "SELECT sequence, creation, change FROM resource_details WHERE kind = ? AND id = ?",
                [.text(kind.rawValue), .text(id)]
            ) { ResourceDetails(sequence: $0.integer(0), creation: $0.integer(1), change: $0.integer(2)) }.first
        }
    }

    /// Notes that a resource is new, or was changed.
    /// - Parameter time: unix seconds.
    static func touch(
        _ kind: Resource.Kind, _ id: String, at time: Int64, _ connection: Connection
    ) throws(StorageError) {
        try connection.run(
            """
            INSERT INTO resource_details VALUES (?1, ?2, 1, ?3, ?3)
            ON CONFLICT DO UPDATE SET sequence = sequence + 1, change = excluded.change
            """, [.text(kind.rawValue), .text(id), .integer(time)])
    }

    /// Notes what of the resources is new or differs from what was there. Secrets do not count: a seed gives them another salt each time.
    static func touch(
        _ resources: Resources, before: Resources, at time: Int64, _ connection: Connection
    ) throws(StorageError) {
        for case .put(let resource) in ResourceDifference(
            from: before.comparable, to: resources.comparable
        ).changes {
            try touch(resource.kind, resource.id, at: time, connection)
        }
    }
}

extension Resources {
    fileprivate var comparable: Resources {
        var copy = self
        for index in copy.apps.indices { copy.apps[index].secret = nil }
        for index in copy.users.indices { copy.users[index].secret = nil }
        return copy
    }
}
