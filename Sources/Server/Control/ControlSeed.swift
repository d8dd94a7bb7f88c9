import Crypto
import Encodings
import Model
import Provider
import ResourceFormat
import Seeding
import Storage

/// Seeds that come by the control API: without files, and without variables of the environment.
enum ControlSeed {
    /// - Throws: `Problem` with everything that is wrong.
    static func read(
        _ document: JSONObject, at now: Timestamp, _ randomBytes: @escaping @Sendable (Int) -> [UInt8]
    ) throws(Problem) -> Seed {
        do {
            return try Seed.load(
                SeedSource(
                    inputs: [SeedInput(.object(document), named: "seed")], environment: nil,
                    allowsFiles: false, locatesProblems: false, now: now.seconds,
                    randomBytes: randomBytes))
        } catch {
            let problems = error.problems.map { (pointer: $0.pointer ?? "", detail: $0.message) }
            var problem = Problem(invalidBody: problems)
            if error.problems.allSatisfy(\.isConflict) { problem.kind = .conflict }
            throw problem
        }
    }

    static func refusingConflicts<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch StorageError.conflict(let message) { throw Problem(.conflict, message) }
    }
}
