import Provider
import ResourceFormat
import Seeding
import TestSupport

/// Reads seeds with a standing clock, the given environment and bytes that count.
enum SeedReading {
    static func load(
        _ paths: [String], environment: [String: String] = [:], keysFolder: String? = nil
    ) throws(InvalidSeed) -> Seed {
        let time = TestDependencies()
        return try Seed.load(
            SeedSource(
                inputs: SeedInput.list(paths, from: "MOCK_ZITADEL_SEED"), environment: environment,
                keysFolder: keysFolder, now: time.now,
                randomBytes: time.dependencies.randomBytes))
    }

    /// What is wrong, without lines and columns; none for a valid seed.
    static func problems(paths: [String], environment: [String: String] = [:]) -> [String] {
        do {
            _ = try load(paths, environment: environment)
            return []
        } catch {
            return error.problems.map { problem in
                var problem = problem
                problem.position = nil
                return problem.description
            }
        }
    }

    /// The lines for one text as a seed of its own.
    static func problems(text: String, environment: [String: String] = [:]) -> [String] {
        let folder = TemporaryFolder()
        return problems(paths: [folder.write(text, to: "seed.json")], environment: environment)
    }

    /// Loads one text as a seed of its own.
    static func load(text: String, environment: [String: String] = [:]) throws -> Seed {
        let folder = TemporaryFolder()
        return try load([folder.write(text, to: "seed.json")], environment: environment)
    }
}
