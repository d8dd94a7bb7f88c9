import Crypto
import Encodings
import Model
import Provider
import ResourceFormat
import Seeding

/// `mock-zitadel seed check` and `mock-zitadel seed schema`
enum SeedCommand {
    private static let printing = CommandOption(
        switch: "print", "List all resources with their ids, including derived ones.")

    static let check = Command(
        path: ["seed", "check"], summary: "Reports every problem in a seed.",
        arguments: [
            Command.Argument(
                name: "PATH", help: "Seed file or folder (default: those of MOCK_ZITADEL_SEED, else seed)",
                isRequired: false, isRepeatable: true, isPath: true)
        ], options: [printing, Setting.keysFolder],
        details: "Exit status: 0 when the seed is valid, else 2.", run: check)

    static let schema = Command(
        path: ["seed", "schema"], summary: "Prints the JSON Schema of seeds.",
        details: """
            Editors complete and check a seed whose $schema names a file with this content:
              mock-zitadel seed schema >schema.json
            """, run: { _ in Terminal.print(SeedSchema.document.pretty()) })

    /// A problem in the words of this command, which has no flags that name a seed.
    private static func adapted(_ problem: Diagnostic) -> Diagnostic {
        let advice = "; name a seed file or folder with --seed, or start with --no-seed"
        let message =
            problem.message.hasSuffix(advice)
            ? problem.message.dropLast(advice.count) + "; name a seed file or folder" : problem.message
        var adapted = Diagnostic(file: problem.file, pointer: problem.pointer, message: message)
        adapted.position = problem.position
        return adapted
    }

    /// Keys that a thorough check finds unsound. It takes some milliseconds for each, so the server makes it when a key is used first.
    private static func keyProblems(_ resources: Resources) -> [Diagnostic] {
        resources.keys.compactMap { key in
            PublicKey(pem: key.publicKey)?.thoroughlyChecked.rsaProblem.map {
                Diagnostic(file: "key \(key.id)", pointer: nil, message: "is \($0)")
            }
        }
    }

    private static func check(_ invocation: Invocation) throws {
        let dependencies = Dependencies.live()
        let source = SeedSource(
            inputs: try invocation.seedInputs(named: invocation.words, from: "argument"),
            environment: invocation.environment,
            keysFolder: invocation.value(of: Setting.keysFolder)?.value, now: dependencies.now().seconds,
            randomBytes: dependencies.randomBytes)
        let seed: Seed
        do { seed = try Seed.load(source) } catch {
            throw InvalidSeedArgument(
                problems: error.problems.map(adapted), warnings: error.warnings.map(adapted))
        }
        let problems = Self.keyProblems(seed.resources)
        guard problems.isEmpty else {
            throw InvalidSeedArgument(problems: problems, warnings: seed.warnings.map(adapted))
        }
        for warning in seed.warnings { Terminal.printError("warning: \(adapted(warning))") }
        let overview = ResourceOverview(resources: seed.resources, seed: seed)
        if invocation.has(printing) { Terminal.print(overview.listing + "\n") }
        for problem in seed.keyFileProblems { Terminal.printError("warning: \(problem)") }
        for file in seed.keyFilesToCreate { Terminal.print("\(file.path): will be created on the first start") }
        let resources = seed.resources
        let counts = [
            ("organization", resources.organizations.count), ("project", resources.projects.count),
            ("app", resources.apps.count), ("user", resources.users.count), ("key", resources.keys.count),
        ].map { name, count in "\(count) \(name)\(count == 1 ? "" : "s")" }
        Terminal.print("\(seed.files.joined(separator: ", ")): valid: \(counts.joined(separator: ", "))")
    }
}
