import Encodings
import Seeding

/// `mock-zitadel instance`
enum InstanceCommand {
    private static let seed = CommandOption("seed", "FILE", "A seed file (default: that of the server).", isPath: true)
    private static let copy = CommandOption(switch: "copy", "A copy of the instance that is asked.")
    private static let idleTimeout = CommandOption(
        "idle-timeout", "DURATION", "It is deleted after so long without a request.")

    static let commands = [
        ControlCommand.make(
            "instance list", "Lists the isolated instances of a running server.", isGroupDefault: true
        ) { session in
            session.show(try session.client.call("GET", "/instances")) { list in
                session.table(
                    list,
                    [
                        ("NAME", { $0.shown("name") }), ("BASE URL", { $0.shown("baseUrl") }),
                        ("ISSUER", { $0.shown("issuer") }),
                    ], none: "no isolated instances")
            }
        },
        ControlCommand.make(
            "instance create", "Makes an isolated instance, and prints its base URL.",
            arguments: [
                .init(
                    name: "NAME", help: "part of its host name (default: a new one)", isRequired: false, member: "name")
            ],
            options: [seed, copy, idleTimeout],
            details: "One for each parallel test:\n  BASE=$(mock-zitadel instance create --copy --idle-timeout 10m)",
            run: create),
        ControlCommand.make(
            "instance delete", "Deletes isolated instances.",
            arguments: [.init(name: "NAME", help: "of an instance", isRepeatable: true)]
        ) { session in
            try session.remove("instance", "deleted") {
                try session.members("name", of: "/instances", query: [("limit", "1000")]).contains($0)
            } _: {
                try session.client.call("DELETE", "/instances/\(ControlClient.segment($0))")
            }
        },
    ]

    private static func create(_ session: ControlSession) throws {
        var body = JSONObject()
        body.append("name", session.words.first)
        if let path = session.invocation.last(seed) { body.append("seed", try read(path, session)) }
        if session.invocation.has(copy) { body.append("copy", .bool(true)) }
        body.append("idleTimeout", session.invocation.last(idleTimeout))
        session.show(try session.client.call("POST", "/instances", body: body)) { $0.shown("baseUrl") }
    }

    private static func read(_ path: String, _ session: ControlSession) throws -> JSON {
        let content: [UInt8]
        do { content = try Files.read(path) } catch { throw session.usage("\(path): \(error.message)") }
        do { return try JSONDocument.parse(content, strict: true) } catch {
            guard let line = error.line, let column = error.column else {
                throw session.usage("\(path): \(error.message)")
            }
            throw session.usage("\(path):\(line):\(column): invalid JSON: \(error.message)")
        }
    }
}
