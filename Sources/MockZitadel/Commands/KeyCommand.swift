import Crypto
import Encodings
import JOSE
import Provider
import ResourceFormat
import Seeding

/// `mock-zitadel key create`
enum KeyCommand {
    private static let appID = CommandOption("app-id", "ID", "The app that the key is for, with --client-id.")
    private static let clientID = CommandOption("client-id", "ID", "The client id of that app.")
    private static let userID = CommandOption("user-id", "ID", "The service user that the key is for.")
    private static let keyID = CommandOption("key-id", "ID", "The id of the key (default: a new one).")
    private static let expiration = CommandOption("expiration-date", "TIME", "RFC 3339 (default: never).")
    private static let out = CommandOption("out", "FILE", "The file to write (default: KEY-ID.json).", isPath: true)
    private static let mode = CommandOption("mode", "MODE", "Permissions of the file (default: 0600).")

    static let create = Command(
        path: ["key", "create"], summary: "Creates a key file as ZITADEL's console offers it for download.",
        options: [userID, appID, clientID, keyID, expiration, out, mode],
        details: """
            For a service user:
              mock-zitadel key create --user-id 270000000000000501 --out seed/keys/svc.json
            For an app with private_key_jwt:
              mock-zitadel key create --app-id 270000000000000201 --client-id 270000000000000301 \\
                --out seed/keys/api.json
            """, run: create)

    private static func create(_ invocation: Invocation) throws {
        func usage(_ text: String) -> UsageError { UsageError(description: text, command: ["key", "create"]) }
        let owner: KeyFile.Owner
        switch (invocation.last(appID), invocation.last(clientID), invocation.last(userID)) {
        case (let appID?, let clientID?, nil): owner = .application(appID: appID, clientID: clientID)
        case (nil, nil, let userID?): owner = .serviceAccount(userID: userID)
        default: throw usage("name the owner: either --user-id, or --app-id and --client-id")
        }
        for option in [userID, appID, keyID] {
            guard let id = invocation.last(option), let problem = Formats.problem(withID: id) else { continue }
            throw usage("\(option.flag): \(problem); mock-zitadel seed check --print lists the ids of a seed")
        }
        let date = invocation.last(expiration)
        if let date, UTCDateTime.unix(rfc3339: date) == nil {
            throw usage(
                "--expiration-date is \(JSON.string(date).text); expected RFC 3339, such as 2030-01-01T00:00:00Z")
        }
        let file = KeyFile(
            keyID: invocation.last(keyID) ?? Dependencies.live().newID(),
            privateKey: try PrivateKey.generate(for: .rs256), owner: owner, expirationDate: date)
        let path = invocation.last(out) ?? "\(file.keyID).json"
        let permissions = try invocation.mode(mode) ?? 0o600
        do { try NewFile.write(path, file.json.bytes() + [10], mode: permissions) } catch {
            throw usage("\(path): \(error.isExisting ? "exists already; name another with --out" : error.message)")
        }
        explain(file, path: path, permissions: permissions, date: date)
    }

    /// Prints what to write into the seed.
    private static func explain(_ file: KeyFile, path: String, permissions: UInt32, date: String?) {
        let (folder, relative) = seedFolder(of: path)
        var byFile: JSONObject = ["keyFile": .string(relative)]
        var inline: JSONObject = ["id": .string(file.keyID), "publicKey": .string(file.privateKey.publicKey.pem)]
        byFile.append("expirationDate", ifNotEmpty: date)
        inline.append("expirationDate", ifNotEmpty: date)
        let readers = permissions & 0o044 == 0 ? ", readable by you only" : ""
        Terminal.print(
            """
            \(path): key \(file.keyID)\(readers)

            For the seed, under "keys" of the app or user, either the file (its path is relative to the seed file, here one in \(folder)):
              \(JSON.object(byFile).text)
            or, to keep the private key out of the repository, its public part:
              \(JSON.object(inline).text)
            """)
    }

    /// The folder where the seed file is, most probably, and the path from there: key files are next to it, or in a folder `keys` there.
    private static func seedFolder(of path: String) -> (folder: String, relative: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let depth = parts.count > 1 && parts[parts.count - 2] == "keys" ? 2 : 1
        let folder = parts.dropLast(depth).joined(separator: "/")
        return (folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder, parts.suffix(depth).joined(separator: "/"))
    }
}
