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
    /// - Throws: `InvalidSeed`, `StorageError`, `ListenError`, `DescriptorLimit.TooLow`
    func run() throws {
        let shutdown = try Shutdown()
        signal(SIGPIPE, SIG_IGN)
        // A file that may not grow is an error of the write, as a full disk is.
        signal(SIGXFSZ, SIG_IGN)

        try DescriptorLimit.raise()

        let source = options.seeds.map(source)
        var seed = try source.map { source throws(InvalidSeed) in try Seed.load(source()) }
        let storage = try Storage(path: options.database, readerCount: options.workers)
        let instance = try open(storage, &seed)
        var serviceOptions = options.service
        serviceOptions.isLogColored = Terminal.isColored(2, environment)
        let instances = InstanceRegistry(main: Application(instance, options: serviceOptions))
        let limits = HTTPLimits(body: Application.bodyLimit)
        let server = try HTTPServer(
            host: options.host, port: options.port, workers: options.workers, limits: limits,
            rejected: instances.answer, handler: instances.respond)
        let mainPort = server.port
        let control = try options.controlPort.map { port throws(ListenError) in
            try HTTPServer(host: options.host, port: port, workers: 1, limits: limits) {
                instances.respondToControl($0, mainPort: mainPort)
            }
        }
        try startBackgroundWork(instance, instances)
        if options.watches, let source, let seed { try watch(source, seed, instance) }
        announce(instance, seed, server, control: control)

        shutdown.wait()
        control?.stop()
        server.stop()
        instances.closeAll()
        storage.checkpoint()
        BackgroundWriter.standardError.flush(milliseconds: 200)
        // At once, without the clean-up of `exit`: it would take OpenSSL apart under the thread that may still make keys with it. Nothing is lost:
        // every answer is sent, and every commit is in the file.
        _exit(0)
    }

    /// Where the seed comes from, as of the moment it is asked for.
    private func source(_ inputs: [SeedInput]) -> @Sendable () -> SeedSource {
        let (environment, folder, version) = (environment, options.keysFolder, options.serverVersion)
        return {
            let dependencies = Dependencies.live()
            var source = SeedSource(
                inputs: inputs, environment: environment, keysFolder: folder, now: dependencies.now().seconds,
                randomBytes: dependencies.randomBytes)
            source.serverVersion = version
            return source
        }
    }

    /// Opens the instance on a database that is brought to the seed.
    private func open(_ storage: Storage, _ seed: inout Seed?) throws -> Instance {
        if let loaded = seed {
            for warning in loaded.warnings { printError("warning: \(warning)") }
            try loaded.makeKeyFiles(mode: options.keysMode)
        }
        var overrides = SettingsOverrides()
        overrides.issuer = options.issuer
        overrides.dialect = options.dialect
        overrides.serverVersion = options.serverVersion
        overrides.autoLogin = options.autoLogin?.value
        let (instance, newTokens) = try Instance.open(
            storage, seed: seed?.decoded, dependencies: try Dependencies.live(uniqueIn: storage), overrides: overrides,
            journalCapacity: options.journalSize)
        try instance.snapshot.keys.checkReadable()
        let generatedTokens = seed?.generatedTokens.filter { newTokens.contains($0.key) } ?? [:]
        seed?.generatedTokens = generatedTokens
        if let (value, name) = options.autoLogin, !Self.isHuman(instance.snapshot.resources.user(named: value)) {
            throw UsageError(
                description: "\(name) is \"\(value)\"; expected the login name or id of a human user")
        }
        return instance
    }

    private func watch(_ source: @escaping @Sendable () -> SeedSource, _ seed: Seed, _ instance: Instance) throws {
        let (mode, printError) = (options.keysMode, printError)
        try Thread.detach {
            SeedWatcher(source: source, seed: seed, instance: instance, keysMode: mode, say: printError).run()
        }
    }

    /// Makes the signing keys, so that the first request need not wait for them, and then maintains all instances once a minute.
    private func startBackgroundWork(_ instance: Instance, _ instances: InstanceRegistry) throws {
        let printError = printError
        try Thread.detach {
            do { _ = try instance.snapshot.keys.active() } catch {
                printError("no signing key: \(error)")
            }
            while true {
                instances.maintain(printError: printError)
                sleep(60)
            }
        }
    }

    private static func isHuman(_ user: User?) -> Bool { user.map { $0.machine == nil } ?? false }

    /// Prints what goes on besides requests, in the form of the log.
    private var printError: @Sendable (String) -> Void {
        let isJSON = options.service.log == .json
        return { text in
            let line =
                isJSON ? RequestLog.json(message: text, at: Dependencies.live().now()) : "mock-zitadel: \(text)"
            BackgroundWriter.standardError.write(Array((line + "\n").utf8))
        }
    }

    /// Not on this thread, which has to react to the signal to stop even if the output is not read.
    static func say(_ text: String) {
        BackgroundWriter.standardOutput.write(Array((text + "\n").utf8))
    }
}
