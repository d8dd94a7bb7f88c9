import Encodings
import Glibc
import HTTP
import Model
import Provider
import Seeding
import Server
import Storage

/// `mock-zitadel [serve]`
struct ServeCommand {
    let options: ServeOptions
    let environment: [String: String]

    /// Seconds that an expired token is kept, so that whoever sends it is told that it expired.
    private static let keptAfterExpiry: Int64 = 86_400

    /// Runs the server until it is told to stop, and ends the process.
    /// - Throws: `InvalidSeed`, `StorageError`, `ListenError`
    func run() throws {
        // Blocked before any thread is made, so that only `sigwait` below takes them.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        signal(SIGPIPE, SIG_IGN)

        let dependencies = Dependencies.live()
        var seed = try options.seeds.map { paths throws(InvalidSeed) in
            try Seed.load(
                SeedSource(
                    paths: paths, environment: environment, keysFolder: options.keysFolder,
                    now: dependencies.now().seconds,
                    randomBytes: dependencies.randomBytes))
        }
        let storage = try Storage(path: options.database, readerCount: options.workers)
        if let loaded = seed {
            try loaded.makeKeyFiles()
            let new = try storage.apply(
                seed: loaded.resources, datedUsers: loaded.datedUsers, madeTokens: Set(loaded.madeTokens.keys))
            seed?.madeTokens = loaded.madeTokens.filter { new.contains($0.key) }
        }
        var overrides = SettingsOverrides()
        overrides.issuer = options.issuer
        overrides.dialect = options.dialect
        overrides.serverVersion = options.serverVersion
        overrides.autoLogin = options.autoLogin?.value
        let instance = try Instance(storage: storage, dependencies: dependencies, overrides: overrides)
        if let (value, name) = options.autoLogin, !Self.isHuman(instance.snapshot.resources.user(named: value)) {
            throw UsageError(
                description: "\(name) is \"\(value)\"; expected the login name or id of a person of the seed")
        }
        let service = Application(instance, options: options.service)
        let server = try HTTPServer(
            host: options.host, port: options.port, workers: options.workers, bodyLimit: Application.bodyLimit,
            handler: service.answer)
        startBackgroundWork(instance)
        announce(instance, seed, server)

        var received: Int32 = 0
        sigwait(&signals, &received)
        server.stop()
        service.close()
        storage.checkpoint()
        // At once, without the clean-up of `exit`: it would take OpenSSL apart under the thread that may still make keys with it. Nothing is lost:
        // every answer is sent, every commit is in the file, and output is not buffered.
        _exit(0)
    }

    /// Makes the signing keys, so that the first request need not wait for them, and then removes old tokens once a minute.
    private func startBackgroundWork(_ instance: Instance) {
        _ = Thread {
            do { _ = try instance.keyRing.active() } catch {
                Terminal.complain("mock-zitadel: no signing key: \(error)")
            }
            while true {
                do {
                    let now = instance.dependencies.now().seconds
                    let oldest = now - Self.keptAfterExpiry
                    try instance.storage.removeTokens(expiredBefore: oldest)
                    try instance.storage.removeSignInRemains(
                        before: oldest, sessionsBefore: now - LoginSession.lifetime)
                } catch { Terminal.complain("mock-zitadel: expired tokens could not be removed: \(error)") }
                sleep(60)
            }
        }
    }

    private static func isHuman(_ user: User?) -> Bool { user.map { $0.machine == nil } ?? false }

    private func announce(_ instance: Instance, _ seed: Seed?, _ server: HTTPServer) {
        let host = ["0.0.0.0", "::", "127.0.0.1", "::1"].contains(options.host) ? "localhost" : options.host
        let baseURL = instance.snapshot.settings.issuer ?? "http://\(host):\(server.port)"
        let fixtures = Fixtures(resources: instance.snapshot.resources.resources, seed: seed)
        guard !options.json else {
            return Terminal.print(fixtures.json(baseURL: baseURL, port: server.port, listen: server.address).text)
        }
        let settings = instance.snapshot.settings
        Terminal.print(
            """
            mock-zitadel \(version) answers at \(baseURL) (a test double: never in production)

              database  \(options.database)
              seed      \(seed?.files.joined(separator: ", ") ?? "none; what the database holds")
              rejections  as \(settings.dialect == .server ? "ZITADEL's server" : "the guides") (--dialect), following ZITADEL \(settings.serverVersion.rawValue)

            \(fixtures.overview)
            """)
        for (id, token) in (seed?.madeTokens ?? [:]).sorted(by: { $0.key < $1.key }) {
            Terminal.print("\n  personal access token \(id), shown this once:\n  \(token)")
        }
        if let example = fixtures.example(baseURL: baseURL) { Terminal.print("\nTry:\n  \(example)") }
        if let address = fixtures.signInAddress(baseURL: baseURL) {
            let who = settings.autoLogin.map { " (without the page: auto-login is on for \($0))" } ?? ""
            Terminal.print("\nSign in as a person, in a browser\(who); the app need not be there:\n  \(address)")
        }
        Terminal.print("")
    }
}
