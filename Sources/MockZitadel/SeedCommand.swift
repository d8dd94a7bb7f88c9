import Encodings
import Provider
import Seeding

/// `mock-zitadel seed check` and `mock-zitadel seed schema`
enum SeedCommand {
    static func run(_ words: [String], _ rest: [String], environment: [String: String]) throws {
        switch words.first {
        case "check": try check(rest, environment)
        case "schema": Terminal.print(SeedSchema.document.pretty())
        default:
            throw UsageError(
                description:
                    "seed needs check or schema: mock-zitadel seed check [PATH ...] [--print], mock-zitadel seed schema"
            )
        }
    }

    private static func check(_ rest: [String], _ environment: [String: String]) throws {
        let arguments = try Arguments(rest, valued: [Setting.keysFolder.flag], plain: ["--print"])
        let dependencies = Dependencies.live()
        let seed = try Seed.load(
            SeedSource(
                paths: Arguments.seedPaths(named: arguments.words, environment: environment), environment: environment,
                keysFolder: arguments.value(of: .keysFolder, environment: environment)?.value,
                now: dependencies.now().seconds,
                randomBytes: dependencies.randomBytes))
        let fixtures = Fixtures(resources: seed.resources, seed: seed)
        if arguments.has("--print") { Terminal.print(fixtures.listing + "\n") }
        let resources = seed.resources
        let counts = [
            ("organization", resources.organizations.count), ("project", resources.projects.count),
            ("app", resources.apps.count), ("user", resources.users.count), ("key", resources.keys.count),
        ].map { name, count in "\(count) \(name)\(count == 1 ? "" : "s")" }
        Terminal.print("\(seed.files.joined(separator: ", ")): good: \(counts.joined(separator: ", "))")
    }
}
