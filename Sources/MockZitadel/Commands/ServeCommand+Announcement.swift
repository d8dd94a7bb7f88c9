import Encodings
import HTTPServer
import Model
import Provider
import ResourceFormat
import Seeding

/// What is said when the server has started.
extension ServeCommand {
    func announce(_ instance: Instance, _ seed: Seed?, _ server: HTTPServer, control: HTTPServer?) {
        let isLocal = ["*", "0.0.0.0", "::", "127.0.0.1"].contains(options.host)
        let host = isLocal ? "localhost" : options.host.contains(":") ? "[\(options.host)]" : options.host
        let controlURL = control.map { "http://\(host):\($0.port)" }
        let baseURL = instance.snapshot.settings.issuer ?? "http://\(host):\(server.port)"
        let overview = ResourceOverview(resources: instance.snapshot.resources.resources, seed: seed)
        guard !options.json else {
            return Self.say(
                overview.json(
                    baseURL: baseURL, port: server.port, listen: server.addresses.first ?? "", controlURL: controlURL
                ).text)
        }
        let settings = instance.snapshot.settings
        Self.say(
            """
            mock-zitadel \(version) is listening on \(baseURL) (a test double: never use it in production)

              database  \(options.database)
              seed      \(seed?.files.joined(separator: ", ") ?? "none; what the database holds")
              errors    as in \(settings.dialect == .server ? "the server's answers" : "ZITADEL's documentation") (--dialect); version \(settings.serverVersion.rawValue) (--server-version)\(controlURL.map { "\n  control   \($0)/mock/v1" } ?? "")

            \(overview.overview)
            """)
        for (id, token) in (seed?.generatedTokens ?? [:]).sorted(by: { $0.key < $1.key }) {
            Self.say("\n  personal access token \(id), shown this once:\n  \(token)")
        }
        if let example = overview.example(baseURL: baseURL) { Self.say("\nTry:\n  \(example)") }
        if let address = overview.signInAddress(baseURL: baseURL) {
            let who = settings.autoLogin.map { " (without the page: auto-login is on for \($0))" } ?? ""
            Self.say("\nSign in with a browser\(who); the app need not be running:\n  \(address)")
        }
        Self.say("")
    }
}
