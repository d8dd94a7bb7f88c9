public import Model

/// A seed, read and found good.
public struct Seed: Sendable {
    public var resources = Resources()
    /// Users whose change date the seed says.
    public var datedUsers: Set<String> = []
    /// Values of personal access tokens that the seed leaves to be made, by token id.
    public var madeTokens: [String: String] = [:]
    /// Secrets and fixed tokens as the seed says them, by the id of the app, user or personal access token: for `--json` and the banner.
    public var secrets: [String: String] = [:]
    /// Those of `secrets` that come from the environment, and so are not for everybody's eyes.
    public var secretsFromEnvironment: Set<String> = []
    /// Key files that shall be made, by path.
    public var keyFilesToMake: [(path: String, content: [UInt8])] = []
    /// The seed files, in the order they were read.
    public var files: [String] = []

    /// Writes the key files that the seed asks to be made.
    /// - Throws: `InvalidSeed` when one cannot be written.
    public func makeKeyFiles() throws(InvalidSeed) {
        for file in keyFilesToMake {
            do { try Files.create(file.path, file.content) } catch {
                throw InvalidSeed(problems: [
                    SeedProblem(
                        file: file.path, pointer: nil, message: "the key file cannot be written: \(error.message)")
                ])
            }
        }
    }
}

/// What reading a seed needs from outside.
public struct SeedSource: Sendable {
    /// Files and folders.
    public var paths: [String]
    public var environment: [String: String]
    /// Where `generate` puts key files; nil for beside the seed file.
    public var keysFolder: String?
    /// Unix seconds; the date of what says none.
    public var now: Int64
    public var randomBytes: @Sendable (Int) -> [UInt8]

    public init(
        paths: [String], environment: [String: String], keysFolder: String? = nil, now: Int64,
        randomBytes: @escaping @Sendable (Int) -> [UInt8]
    ) {
        self.paths = paths
        self.environment = environment
        self.keysFolder = keysFolder
        self.now = now
        self.randomBytes = randomBytes
    }
}

extension Seed {
    /// Reads and checks a seed. Nothing is written.
    /// - Throws: `InvalidSeed` with all problems.
    public static func load(_ source: SeedSource) throws(InvalidSeed) -> Seed {
        let problems = Problems()
        let reader = SeedFiles(environment: source.environment, problems: problems)
        let files = reader.read(source.paths)
        let checker = FormatChecker(problems: problems)
        for file in files { checker.check(file.value, .object(SeedFormat.seed), Place(file: file.path, pointer: "")) }
        let decoder = SeedDecoder(source: source, filledPlaces: reader.filledPlaces, problems: problems)
        decoder.decode(files)
        guard problems.list.isEmpty else { throw InvalidSeed(problems: problems.list) }
        var seed = decoder.seed
        seed.files = files.map(\.path)
        return seed
    }
}
