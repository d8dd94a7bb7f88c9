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

    /// How docs/fidelity.md names the recorded servers.
    private static let names = [
        "2026-07": "main of 10 July 2026", "v4.13": "v4.13.1", "v3.4": "v3.4.9", "v2.71": "v2.71.19",
    ]
    private static let page = readText(packageRoot + "/docs/fidelity.md") ?? ""

    @Test("recorded requests are answered as a running server answered them", arguments: runs)
    func replay(version: String, dialect: Dialect) throws {
        let recording = try Recording(version: version)
        let fixture = try Fixture()
        let server = try RecordedServer(fixture, version: version, dialect: dialect)
        defer { server.stop() }
        var replayer = try Replayer(recording, fixture, server.exchange)
        let jwks = try server.exchange.send("GET", "/oauth/v2/keys").json
        var normalizer = Normalizer(fixture, host: server.exchange.host, jwks: jwks, now: RecordedClock.now)
        var equal = 0
        var unequal: [String] = []
        var skipped: [String: Int] = [:]
        for recorded in recording.cases {
            switch Self.verdict(recorded, dialect, &replayer, &normalizer) {
            case .equal: equal += 1
            case .skipped(let why): skipped[why, default: 0] += 1
            case .unequal(let lines): unequal += lines.map { "\(recorded.id) (\(recorded.title)) \($0)" }
            }
        }
        let count = equal + Set(unequal.map { $0.prefix { $0 != " " } }).count
        let reasons = skipped.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        Terminal.print(
            "recordings \(version) \(dialect.rawValue): \(equal) of \(count) as recorded, skipped: \(reasons)"
        )
        #expect(unequal.isEmpty, "\(unequal.joined(separator: "\n"))")
        let row = "| \(Self.names[version] ?? "") | \(count) | \(equal) | \(equal) |"
        #expect(Self.page.contains(row), "docs/fidelity.md has the figures; this run found \(row)")
    }

    private enum Verdict {
        case equal
        case unequal([String])
        case skipped(String)
    }

    private static func verdict(
        _ recorded: Recording.Case, _ dialect: Dialect, _ replayer: inout Replayer, _ normalizer: inout Normalizer
    ) -> Verdict {
        if recorded.notRecorded != nil { return .skipped("not recorded") }
        if let need = recorded.needs.first(where: { !["clock", "control"].contains($0) }) {
            return .skipped("needs \(need)")
        }
        var lines: [String] = []
        var number = 0
        do { try replayer.begin() } catch { return .unequal(["\(error)"]) }
        defer {
            for step in recorded.cleanup { _ = try? replayer.take(step) }
        }
        for step in recorded.steps {
            do {
                guard let answer = try replayer.take(step) else { continue }
                number += 1
                lines += differences(step, recorded, number, dialect, answer, &normalizer).map {
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
        _ normalizer: inout Normalizer
    ) -> [Difference] {
        if dialect == .documented, let allowed = step["doc"]?.array, !allowed.isEmpty {
            return DocumentedMatcher.differences(
                allowed, answer, step["req"]?.object ?? [:], secrets: normalizer.secrets)
        }
        if dialect == .documented, let errors = step["doc"]?.object?["redirect"]?.string {
            return DocumentedMatcher.differences(redirect: errors, answer)
        }
        guard number <= recorded.answers.count else { return [] }
        let found = Comparator.differences(
            recorded.answers[number - 1], normalizer.answer(answer), step["cmp"]?.object ?? [:])
        // The words of a rejection are free in this dialect, and so is what only belongs to them.
        let free = ["/error_description", "spelling", "header WWW-Authenticate", "body"]
        return dialect == .documented && answer.response.status >= 400
            ? found.filter { !free.contains($0.what) } : found
    }
}
