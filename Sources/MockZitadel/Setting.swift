import Model
import Provider
import Server

/// The settings of `serve`: flag, variable of the environment, default, help. Help, completion and the documentation's table follow from this list.
enum Setting {
    static let all: [CommandOption] = [
        host, port, database, seed, noSeed, watch, keysFolder, keysMode, issuer, dialect, serverVersion, autoLogin,
        reasonHeader, control, controlToken, controlPort, journalSize, logFormat, workers, json,
    ]

    static let host = CommandOption(
        "host", "ADDRESS",
        "Name or address to listen on, each address of a name; `*` for all, 0.0.0.0 for all of IPv4."
    ).setting(default: "localhost")
    static let port = CommandOption("port", "PORT", "Port to listen on; 0 for a free one.").setting(default: "8080")
    static let database = CommandOption("database", "PATH", "SQLite file, or `:memory:`.", isPath: true)
        .setting(default: "mock-zitadel.sqlite")
    static let seed = CommandOption(
        "seed", "PATH",
        "Seed file or folder; repeatable (in the environment: separated by `:`). A value that holds `{` and is not a path is a seed itself.",
        isPath: true
    ).setting(default: defaultSeed)
    static let noSeed = CommandOption(switch: "no-seed", "Start with what the database holds.").setting(default: "off")
    static let watch = CommandOption(
        switch: "watch", "Load the seed again when its files change; a broken one is reported, and the old one stays."
    ).setting(default: "off")
    static let keysFolder = CommandOption(
        "keys-dir", "FOLDER", "Where `generate` puts key files.", isPath: true
    ).setting(default: "next to the seed")
    static let keysMode = CommandOption(
        "keys-mode", "MODE", "Permissions of the key files that `generate` writes; 0644 lets other users read them."
    ).setting(default: "0600")
    static let issuer = CommandOption("issuer", "URL", "Pins the issuer.").setting(
        default: "follows the request's host")
    static let dialect = CommandOption(
        "dialect", choices: Dialect.allCases.map(\.rawValue), "What error responses look like."
    ).setting(default: "the seed's, else documented")
    static let serverVersion = CommandOption(
        "server-version", choices: ServerVersion.allCases.reversed().map(\.rawValue),
        "The version of ZITADEL that is followed where versions differ."
    ).setting(default: "the seed's, else 2026-07")
    static let autoLogin = CommandOption(
        "auto-login", "NAME", "Login name or id of the user for whom the sign-in page is skipped."
    ).setting(default: "the seed's, else none")
    static let reasonHeader = CommandOption(
        "reason-header", choices: ["on", "off"], "Whether error responses have the header `Mock-Reason`."
    ).setting(default: "on")
    static let control = CommandOption(
        "control", choices: ["on", "off"], "Whether tests can command the server under `/mock/v1`."
    ).setting(default: "on")
    static let controlToken = CommandOption(
        "control-token", "TOKEN", "What calls under `/mock/v1` must send as `Authorization: Bearer TOKEN`."
    ).setting(default: "none")
    static let controlPort = CommandOption(
        "control-port", "PORT", "A port for `/mock/v1` alone, which is then absent on the other; 0 for a free one."
    ).setting(default: "the same port")
    static let journalSize = CommandOption(
        "journal-size", "COUNT", "Requests that `GET /mock/v1/requests` remembers."
    ).setting(default: "\(Journal.defaultCapacity)")
    static let logFormat = CommandOption(
        "log-format", choices: RequestLog.Format.allCases.map(\.rawValue), "One line a request on standard error."
    ).setting(default: "text")
    static let workers = CommandOption("workers", "COUNT", "Threads that answer requests.")
        .setting(default: "processors, at least 2")
    static let json = CommandOption(
        switch: "json", "Print one line of JSON (base URL, ids, secrets) instead of the banner."
    )
    .setting(default: "off")

    static let defaultSeed = "seed"

    /// The table of the documentation.
    static var markdown: String {
        var lines = ["| flag | environment | default | meaning |", "| --- | --- | --- | --- |"]
        for setting in all {
            let flag = setting.synopsis.split(separator: "|").joined(separator: "\\|")
            lines.append(
                "| `\(flag)` | `\(setting.environment ?? "")` | \(setting.defaultText ?? "") | \(setting.help) |")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
