import Encodings
import HTTP
import Model
import Provider
import Seeding
import Server
import Storage
import TestSupport
import Testing

/// The main test: what running ZITADEL servers answered, asked again of this one, over a real socket and compared to the byte.
@Suite struct RecordingTests {
    static let runs: [(version: String, dialect: Dialect)] = {
        let versions = [Recording.base] + Recording.older
        return versions.flatMap { version in [(version, Dialect.server), (version, Dialect.documented)] }
    }()

    @Test("what a running server answered is what this one answers", arguments: runs)
    func replay(version: String, dialect: Dialect) throws {
        let recording = try Recording(version: version)
        let fixture = try Fixture()
        let server = try RecordedServer(fixture, version: version, dialect: dialect)
        defer { server.stop() }
        var replayer = try Replayer(recording, fixture, server.exchange)
        let jwks = try server.exchange.send("GET", "/oauth/v2/keys").json
        var normaliser = Normaliser(fixture, host: server.exchange.host, jwks: jwks, now: RecordedClock.now)
        let absent = try Recording.read("not-built")
        var equal = 0
        var unequal: [String] = []
        var notBuilt = 0
        var skipped: [String: Int] = [:]
        for recorded in recording.cases {
            let isBuilt =
                !Self.names(absent, "endpoints", recorded.endpoint) && !Self.names(absent, "cases", recorded.id)
            switch Self.verdict(recorded, dialect, &replayer, &normaliser) {
            case .equal: if isBuilt { equal += 1 } else { notBuilt += 1 }
            case .skipped(let why): skipped[why, default: 0] += 1
            case .unequal(let lines):
                if isBuilt {
                    unequal += lines.map { "\(recorded.id) (\(recorded.title)) \($0)" }
                } else {
                    notBuilt += 1
                }
            }
        }
        let count = equal + Set(unequal.map { $0.prefix { $0 != " " } }).count
        let reasons = skipped.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        Terminal.print(
            "recordings \(version) \(dialect.rawValue): \(equal) of \(count) as recorded, \(notBuilt) of endpoints not built yet, skipped: \(reasons)"
        )
        #expect(unequal.isEmpty, "\(unequal.joined(separator: "\n"))")
        #expect(equal > 450, "the recordings hold some 490 cases of these endpoints")
    }

    /// Whether the list of what is not built yet names it. A case on the list that is answered right does no harm; any other must be equal.
    private static func names(_ list: JSONObject, _ member: String, _ value: String) -> Bool {
        list[member]?.array?.contains(.string(value)) == true
    }

    private enum Verdict {
        case equal
        case unequal([String])
        case skipped(String)
    }

    private static func verdict(
        _ recorded: Recording.Case, _ dialect: Dialect, _ replayer: inout Replayer, _ normaliser: inout Normaliser
    ) -> Verdict {
        if recorded.notRecorded != nil { return .skipped("not recorded") }
        if let need = recorded.needs.first { return .skipped("needs \(need)") }
        if recorded.steps.contains(where: { $0["admin"] != nil }) { return .skipped("needs a change from outside") }
        if recorded.steps.contains(where: { $0["login"] != nil }) { return .skipped("needs a sign-in") }
        replayer.begin()
        var lines: [String] = []
        var number = 0
        for step in recorded.steps {
            do {
                guard let answer = try replayer.take(step) else { continue }
                number += 1
                lines += differences(step, recorded, number, dialect, answer, &normaliser).map {
                    "step \(number) \($0)"
                }
            } catch let missing as Missing {
                if lines.isEmpty { return .skipped("needs \(missing.what)") }
                break
            } catch {
                return .unequal(lines + ["\(error)"])
            }
        }
        return lines.isEmpty ? .equal : .unequal(lines)
    }

    private static func differences(
        _ step: JSONObject, _ recorded: Recording.Case, _ number: Int, _ dialect: Dialect, _ answer: Answer,
        _ normaliser: inout Normaliser
    ) -> [Difference] {
        if dialect == .documented, let allowed = step["doc"]?.array, !allowed.isEmpty {
            return DocumentedJudge.differences(allowed, answer, step["req"]?.object ?? [:], secrets: normaliser.secrets)
        }
        guard number <= recorded.answers.count else { return [] }
        let found = Comparator.differences(
            recorded.answers[number - 1], normaliser.answer(answer), step["cmp"]?.object ?? [:])
        // The words of a refusal are free in this dialect, and so is what only belongs to them.
        let free = ["/error_description", "spelling", "header WWW-Authenticate", "body"]
        return dialect == .documented && answer.response.status >= 400
            ? found.filter { !free.contains($0.what) } : found
    }
}
