import Encodings
import Glibc
import HTTP
import HTTPServer
import Model
import Provider
import ResourceFormat
import Seeding
import Server
import Storage
import System

/// `mock-zitadel [serve]`
struct ServeCommand {
    let options: ServeOptions
    let environment: [String: String]

    static let command = Command(
        path: ["serve"], summary: "Answers requests until SIGTERM or SIGINT.", options: Setting.all,
        run: { invocation in
            let processors = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
            let options = try ServeOptions(invocation, processors: processors)
            try ServeCommand(options: options, environment: invocation.environment).run()
        })

    /// Runs the server until it is asked to stop, and ends the process.
    /// - Throws: `InvalidSeed`, `StorageError`, `ListenError`
    func run() throws {
        let shutdown = try Shutdown()
        signal(SIGPIPE, SIG_IGN)

        var dependencies = Dependencies.live()
        var seed = try options.seeds.map { paths throws(InvalidSeed) in
            try Seed.load(
                SeedSource(
                    paths: paths, environment: environment, keysFolder: options.keysFolder,
                    now: dependencies.now().seconds,
                    randomBytes: dependencies.randomBytes))
        }
        let storage = try Storage(path: options.database, readerCount: options.workers)
        if let loaded = seed {
            for warning in loaded.warnings { Self.complain("warning: \(warning)") }
            try loaded.makeKeyFiles(mode: options.keysMode)
        }
        dependencies = try Dependencies.live(uniqueIn: storage)
        var overrides = SettingsOverrides()
        overrides.issuer = options.issuer
        overrides.dialect = options.dialect
        overrides.serverVersion = options.serverVersion
        overrides.autoLogin = options.autoLogin?.value
        let (instance, newTokens) = try Instance.open(
            storage, seed: seed?.decoded, dependencies: dependencies, overrides: overrides)
        let madeTokens = seed?.madeTokens.filter { newTokens.contains($0.key) } ?? [:]
        seed?.madeTokens = madeTokens
        if let (value, name) = options.autoLogin, !Self.isHuman(instance.snapshot.resources.user(named: value)) {
            throw UsageError(
                description: "\(name) is \"\(value)\"; expected the login name or id of a person of the seed")
        }
        var serviceOptions = options.service
        // https://no-color.org
        serviceOptions.isLogColored = isatty(2) == 1 && (environment["NO_COLOR"] ?? "").isEmpty
        let instances = InstanceRegistry(main: Application(instance, options: serviceOptions))
        let server = try HTTPServer(
            host: options.host, port: options.port, workers: options.workers,
            limits: HTTPLimits(body: Application.bodyLimit),
            rejected: instances.answer, handler: instances.respond)
        try startBackgroundWork(instance, instances)
        announce(instance, seed, server)

        shutdown.wait()
        server.stop()
        instances.closeAll()
        storage.checkpoint()
        BackgroundWriter.standardError.flush(milliseconds: 200)
        // At once, without the clean-up of `exit`: it would take OpenSSL apart under the thread that may still make keys with it. Nothing is lost:
        // every answer is sent, and every commit is in the file.
        _exit(0)
    }

    /// Makes the signing keys, so that the first request need not wait for them, and then removes old tokens once a minute.
    private func startBackgroundWork(_ instance: Instance, _ instances: InstanceRegistry) throws {
        try Thread.detach {
            do { _ = try instance.snapshot.keys.active() } catch {
                Self.complain("no signing key: \(error)")
            }
            do {
                try instance.passwords.store(in: instance.storage, randomBytes: instance.dependencies.randomBytes)
            } catch { Self.complain("passwords could not be stored: \(error)") }
            while true {
                do { try instance.removeExpired() } catch {
                    Self.complain("expired tokens could not be removed: \(error)")
                }
                instances.closeIdle()
                sleep(60)
            }
        }
    }

    private static func isHuman(_ user: User?) -> Bool { user.map { $0.machine == nil } ?? false }

    private static func complain(_ text: String) {
        BackgroundWriter.standardError.write(Array("mock-zitadel: \(text)\n".utf8))
    }

    /// Not on this thread, which has to react to the signal to stop even if the output is not read.
    private static func say(_ text: String) {
        BackgroundWriter.standardOutput.write(Array((text + "\n").utf8))
    }

    private func announce(_ instance: Instance, _ seed: Seed?, _ server: HTTPServer) {
        let isLocal = ["0.0.0.0", "::", "127.0.0.1"].contains(options.host)
        let host = isLocal ? "localhost" : options.host.contains(":") ? "[\(options.host)]" : options.host
        let baseURL = instance.snapshot.settings.issuer ?? "http://\(host):\(server.port)"
        let fixtures = Fixtures(resources: instance.snapshot.resources.resources, seed: seed)
        guard !options.json else {
            return Self.say(
                fixtures.json(baseURL: baseURL, port: server.port, listen: server.addresses.first ?? "").text)
        }
        let settings = instance.snapshot.settings
        Self.say(
            """
            mock-zitadel \(version) is listening on \(baseURL) (a test double: never use it in production)

              database  \(options.database)
              seed      \(seed?.files.joined(separator: ", ") ?? "none; what the database holds")
              errors    as in \(settings.dialect == .server ? "the server's answers" : "ZITADEL's documentation") (--dialect); version \(settings.serverVersion.rawValue) (--server-version)

            \(fixtures.overview)
            """)
        for (id, token) in (seed?.madeTokens ?? [:]).sorted(by: { $0.key < $1.key }) {
            Self.say("\n  personal access token \(id), shown this once:\n  \(token)")
        }
        if let example = fixtures.example(baseURL: baseURL) { Self.say("\nTry:\n  \(example)") }
        if let address = fixtures.signInAddress(baseURL: baseURL) {
            let who = settings.autoLogin.map { " (without the page: auto-login is on for \($0))" } ?? ""
            Self.say("\nSign in with a browser\(who); the app need not be running:\n  \(address)")
        }
        Self.say("")
    }
}
