import Encodings
import Glibc
import JOSE
import Provider

/// `mock-zitadel key create`
enum KeyCommand {
    static let usage =
        "mock-zitadel key create (--app-id ID --client-id ID | --user-id ID) [--key-id ID] [--expiration-date TIME] [--out FILE]"

    static func run(_ words: [String], _ rest: [String]) throws {
        guard words.first == "create" else { throw UsageError(description: "key needs create: \(usage)") }
        let arguments = try Arguments(
            rest, valued: ["--app-id", "--client-id", "--user-id", "--key-id", "--expiration-date", "--out"], plain: [])
        let owner: KeyFile.Owner
        switch (arguments.last("--app-id"), arguments.last("--client-id"), arguments.last("--user-id")) {
        case (let appID?, let clientID?, nil): owner = .application(appID: appID, clientID: clientID)
        case (nil, nil, let userID?): owner = .serviceAccount(userID: userID)
        default: throw UsageError(description: "name the owner: \(usage)")
        }
        let date = arguments.last("--expiration-date")
        if let date, UTCDateTime.unix(rfc3339: date) == nil {
            throw UsageError(
                description: "--expiration-date is \"\(date)\"; expected RFC 3339, such as 2030-01-01T00:00:00Z")
        }
        let file = KeyFile(
            keyID: arguments.last("--key-id") ?? Dependencies.live().newID(),
            privateKey: try PrivateKey.generate(for: .rs256), owner: owner, expirationDate: date)
        let path = arguments.last("--out") ?? "\(file.keyID).json"
        try write(file, to: path)
        var inline: JSONObject = ["id": .string(file.keyID), "publicKey": .string(file.privateKey.publicKey.pem)]
        var byFile: JSONObject = ["keyFile": .string(path)]
        for name in date == nil ? [] : ["expirationDate"] {
            inline.append(name, .string(date ?? ""))
            byFile.append(name, .string(date ?? ""))
        }
        Terminal.print(
            """
            \(path): key \(file.keyID), readable by you only

            For the seed, under "keys" of the app or user, either by the file (path relative to the seed file):
              \(JSON.object(byFile).text)
            or, if the private key shall stay out of the repository, by its public part:
              \(JSON.object(inline).text)
            """)
    }

    private static func write(_ file: KeyFile, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let why = errno == EEXIST ? "exists already; name another with --out" : String(cString: strerror(errno))
            throw UsageError(description: "\(path): \(why)")
        }
        defer { close(descriptor) }
        let content = file.json.bytes() + [10]
        guard content.withUnsafeBytes({ Glibc.write(descriptor, $0.baseAddress, $0.count) }) == content.count else {
            throw UsageError(description: "\(path): \(String(cString: strerror(errno)))")
        }
    }
}
