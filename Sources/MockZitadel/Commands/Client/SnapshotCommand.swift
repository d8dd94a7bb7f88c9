/// `mock-zitadel snapshot`
enum SnapshotCommand {
    private static let name = Command.Argument(name: "NAME", help: "of the snapshot")

    static let commands = [
        ControlCommand.make(
            "snapshot list", "Lists the snapshots of a running server.", isGroupDefault: true
        ) { session in
            session.show(try session.client.call("GET", "/snapshots")) { list in
                session.table(
                    list, [("NAME", { $0.shown("name") }), ("TAKEN", { $0.shown("createdAt") })],
                    none: "no snapshots")
            }
        },
        ControlCommand.make(
            "snapshot save", "Keeps the present state of everything under a name.", arguments: [name]
        ) { session in try call(session, "PUT", path: "", done: "saved") },
        ControlCommand.make("snapshot restore", "Restores a snapshot.", arguments: [name]) { session in
            try call(session, "POST", path: "/restore", done: "restored")
        },
        ControlCommand.make("snapshot delete", "Deletes a snapshot.", arguments: [name]) { session in
            try session.remove("snapshot", "deleted") {
                try session.members("name", of: "/snapshots", query: [("limit", "1000")]).contains($0)
            } _: {
                try session.client.call("DELETE", "/snapshots/\(ControlClient.segment($0))")
            }
        },
    ]

    private static func call(_ session: ControlSession, _ method: String, path rest: String, done: String) throws {
        let path = "/snapshots/\(ControlClient.segment(session.words[0]))\(rest)"
        let response = try session.client.call(method, path)
        if session.isJSON {
            session.showJSON(response)
        } else {
            session.done("\(done) \(session.words[0])")
        }
    }
}
