import Encodings
import Model
import ResourceFormat
import Seeding
import Storage

/// `mock-zitadel seed export`
enum SeedExportCommand {
    private static let database = CommandOption(
        "database", "PATH", "Export from this file instead, which no server may be using.", isPath: true)
    private static let signingKeys = CommandOption(
        switch: "signing-keys", "With the private signing keys, in clear.")

    static let command = ControlCommand.make(
        "seed export", "Prints the present state of a running server, or of a database, as a seed.",
        options: [database, signingKeys],
        details: """
            Secrets are written as hashes, which load again:
              mock-zitadel seed export >seed.json
              mock-zitadel seed export --database mock-zitadel.sqlite >seed.json
            """, run: export)

    private static func export(_ session: ControlSession) throws {
        guard let path = session.invocation.last(database) else {
            let query = session.invocation.has(signingKeys) ? "?signingKeys=true" : ""
            return session.show(try session.client.call("GET", "/seed" + query)) { JSON.object($0).pretty() }
        }
        let seed = try seed(of: path, withKeys: session.invocation.has(signingKeys))
        Terminal.print(session.isJSON ? JSON.object(seed).text : JSON.object(seed).pretty())
    }

    private static func seed(of path: String, withKeys: Bool) throws -> JSONObject {
        guard Files.exists(path) else {
            throw StorageError.cannotOpen(
                path: path, why: "no such file", advice: "name the file of a server with --database")
        }
        let storage = try Storage(path: path, readerCount: 1)
        var resources = try storage.resources()
        if withKeys { resources.signingKeys = try storage.signingKeys() }
        return ResourceEncoder(resources).seed
    }
}
