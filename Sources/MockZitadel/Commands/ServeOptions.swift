import Model
import Provider
import Seeding
import Server
import Storage

/// The settings of `serve`, from flags, else from the environment, else by default.
struct ServeOptions {
    var host = "localhost"
    var port = 8080
    var database = "mock-zitadel.sqlite"
    /// nil for `--no-seed`.
    var seeds: [SeedInput]?
    var keysFolder: String?
    /// Permissions of generated key files.
    var keysMode: UInt32 = 0o600
    var issuer: String?
    var dialect: Dialect?
    var serverVersion: ServerVersion?
    /// The name, and where it was given.
    var autoLogin: (value: String, name: String)?
    var service = Application.Options()
    /// Whether changed seeds are loaded.
    var watches = false
    /// nil for the port of everything else.
    var controlPort: Int?
    /// Requests that the journal keeps.
    var journalSize = Journal.defaultCapacity
    var workers: Int
    var json = false

    /// - Throws: `UsageError`
    init(_ invocation: Invocation, processors: Int) throws {
        host = try invocation.host(Setting.host) ?? host
        port = try invocation.number(Setting.port, 0...65535) ?? port
        database = try Self.database(invocation) ?? database
        let named = invocation.all(Setting.seed)
        seeds = try invocation.seedInputs(named: named, from: Setting.seed.flag)
        if try invocation.boolean(Setting.noSeed) ?? false {
            guard named.isEmpty || !invocation.has(Setting.noSeed) else {
                throw UsageError(
                    description: "--seed and --no-seed contradict each other; give one of them", command: ["serve"])
            }
            // A flag counts more than the environment.
            if named.isEmpty { seeds = nil }
        }
        watches = try invocation.boolean(Setting.watch) ?? false
        if watches { try Self.checkWatched(seeds ?? []) }
        keysFolder = invocation.value(of: Setting.keysFolder)?.value
        keysMode = try invocation.mode(Setting.keysMode) ?? keysMode
        issuer = try invocation.origin(Setting.issuer)
        dialect = try invocation.choice(Setting.dialect, Dialect.self)
        serverVersion = try invocation.choice(Setting.serverVersion, ServerVersion.self)
        autoLogin = invocation.value(of: Setting.autoLogin)
        service.reasonHeader = try invocation.boolean(Setting.reasonHeader) ?? true
        let hasControl = try invocation.boolean(Setting.control) ?? true
        let token = try invocation.token(Setting.controlToken)
        controlPort = try invocation.number(Setting.controlPort, 0...65535)
        service.control = hasControl ? ControlOptions(token: token, hasOwnPort: controlPort != nil) : nil
        if !hasControl, let given = invocation.value(of: Setting.controlPort) {
            throw UsageError(
                description:
                    "\(given.name) names a port for the control API, which \(invocation.value(of: Setting.control)?.name ?? "") switches off; give one of them",
                command: ["serve"])
        }
        if port != 0, controlPort == port {
            throw UsageError(
                description:
                    "the control port is \(port), which is the port of everything else; name another with --control-port, or leave it out to have the control API there, too",
                command: ["serve"])
        }
        journalSize = try invocation.number(Setting.journalSize, 0...1_000_000) ?? journalSize
        service.log = try invocation.choice(Setting.logFormat, RequestLog.Format.self) ?? .text
        workers = try invocation.number(Setting.workers, 1...64) ?? max(2, processors)
        json = try invocation.boolean(Setting.json) ?? false
    }

    /// - Throws: `UsageError` for what looks like the name of a database in memory, and would be a file.
    private static func database(_ invocation: Invocation) throws -> String? {
        guard let (value, name) = invocation.value(of: Setting.database) else { return nil }
        let word = value.lowercased().filter { $0.isLetter }
        guard word == "memory", value != Storage.inMemory, !value.contains("/"), !value.contains(".") else {
            return value
        }
        throw UsageError(
            description:
                "\(name) is \"\(value)\"; write \(Storage.inMemory) for memory, or ./\(value) for a file of this name",
            command: ["serve"])
    }

    /// - Throws: `UsageError` for what cannot change, or be read again.
    private static func checkWatched(_ seeds: [SeedInput]) throws {
        let paths = seeds.compactMap(\.path)
        guard !paths.isEmpty else {
            throw UsageError(description: "--watch needs a seed that is a file or folder", command: ["serve"])
        }
        if let pipe = paths.first(where: { Files.exists($0) && !Files.isFolder($0) && !Files.isRegular($0) }) {
            throw UsageError(
                description: "--watch cannot read \(pipe) again; it needs seeds that are files or folders",
                command: ["serve"])
        }
    }
}
