/// Something that can be chosen when the server starts: a flag, a variable of the environment, a default. The table in `docs/settings.md` is made from this list.
struct Setting {
    let flag: String
    let environment: String
    /// What stands behind the flag; nil for a flag without a value.
    let value: String?
    let standard: String
    let help: String

    static let all: [Setting] = [
        host, port, database, seed, noSeed, keysFolder, issuer, dialect, serverVersion, autoLogin, reasonHeader,
        logFormat, workers, json,
    ]

    static let host = Setting(
        "host", "ADDRESS", "localhost",
        "Name or address to listen on, each address of a name; `::` for all, 0.0.0.0 for all of IPv4.")
    static let port = Setting("port", "PORT", "8080", "Port to listen on; 0 for a free one.")
    static let database = Setting("database", "PATH", "mock-zitadel.sqlite", "SQLite file, or `:memory:`.")
    static let seed = Setting(
        "seed", "PATH", "seed", "Seed file or folder; repeatable (in the environment: separated by `:`).")
    static let noSeed = Setting("no-seed", nil, "off", "Start with what the database holds.")
    static let keysFolder = Setting("keys-dir", "FOLDER", "beside the seed", "Where `generate` puts key files.")
    static let issuer = Setting("issuer", "URL", "follows the request's host", "Pins the issuer.")
    static let dialect = Setting("dialect", "documented|server", "the seed's, else documented", "How refusals look.")
    static let serverVersion = Setting(
        "server-version", "2026-07|v4.13|v3.4|v2.71", "the seed's, else 2026-07",
        "Which ZITADEL is followed where they differ.")
    static let autoLogin = Setting(
        "auto-login", "NAME", "the seed's, else none",
        "Login name or id of the person for whom the sign-in page is skipped.")
    static let reasonHeader = Setting(
        "reason-header", "on|off", "on", "Whether refusals carry the header `Mock-Reason`.")
    static let logFormat = Setting("log-format", "text|json|off", "text", "One line a request on standard error.")
    static let workers = Setting("workers", "COUNT", "processors, at least 2", "Threads that answer requests.")
    static let json = Setting(
        "json", nil, "off", "Print one line of JSON (base URL, ids, secrets) instead of the banner.")

    private init(_ name: String, _ value: String?, _ standard: String, _ help: String) {
        flag = "--" + name
        environment = "MOCK_ZITADEL_" + name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
        self.value = value
        self.standard = standard
        self.help = help
    }

    /// The table of `docs/settings.md`.
    static var markdown: String {
        var lines = ["| flag | environment | default | meaning |", "| --- | --- | --- | --- |"]
        for setting in all {
            let value = setting.value.map { " " + $0.split(separator: "|").joined(separator: "\\|") } ?? ""
            lines.append(
                "| `\(setting.flag)\(value)` | `\(setting.environment)` | \(setting.standard) | \(setting.help) |")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
