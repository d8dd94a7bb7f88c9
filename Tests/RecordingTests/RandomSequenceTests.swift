import Encodings
import Model
import TestSupport
import Testing

/// Random request sequences that a running ZITADEL answered, asked again of this server over a real socket and compared to the byte.
@Suite struct RandomSequenceTests {
    @Test("random sequences are answered as a running server answered them") func replay() throws {
        let recording = try Recording(random: "random")
        let fixture = try Fixture("random-fixture")
        let server = try RecordedServer(fixture, version: Recording.base, dialect: .server)
        defer { server.stop() }
        var replayer = try Replayer(recording, fixture, server.exchange)
        let jwks = try server.exchange.send("GET", "/oauth/v2/keys").json
        var normalizer = Normalizer(fixture, host: server.exchange.host, jwks: jwks, now: RecordedClock.now)
        var unequal: [String] = []
        for recorded in recording.cases {
            do {
                unequal += try Self.differences(recorded, &replayer, &normalizer).map {
                    "\(recorded.id) (\(recorded.title)) \($0)"
                }
            } catch {
                unequal.append("\(recorded.id) (\(recorded.title)) \(error)")
            }
        }
        Terminal.print("random sequences: \(recording.cases.count), \(unequal.count) differences")
        #expect(unequal.isEmpty, "\(unequal.joined(separator: "\n"))")
        #expect(recording.cases.count >= 300)
        #expect(Set(recording.cases.map(\.title)).count >= 17, "every kind of sequence is there")
    }

    private static func differences(
        _ recorded: Recording.Case, _ replayer: inout Replayer, _ normalizer: inout Normalizer
    ) throws -> [String] {
        try replayer.begin()
        for (number, (step, expected)) in zip(recorded.steps, recorded.answers).enumerated() {
            guard let answer = try replayer.take(step) else { continue }
            let found = Comparator.differences(
                withoutAudienceOrder(expected), withoutAudienceOrder(normalizer.answer(answer)),
                step["cmp"]?.object ?? [:])
            // Whatever follows the first difference may follow from it.
            guard found.isEmpty else { return found.map { "step \(number + 1) \($0)" } }
        }
        return []
    }

    /// Audiences have no order on the recorded server.
    private static func withoutAudienceOrder(_ object: JSONObject) -> JSONObject {
        var copy = object
        for index in copy.members.indices {
            let member = copy.members[index]
            if member.name == "aud", let list = member.value.array {
                copy.members[index].value = .array(list.sorted { $0.text < $1.text })
            } else {
                copy.members[index].value = withoutAudienceOrder(member.value)
            }
        }
        return copy
    }

    private static func withoutAudienceOrder(_ value: JSON) -> JSON {
        switch value {
        case .object(let object): .object(withoutAudienceOrder(object))
        case .array(let values): .array(values.map { withoutAudienceOrder($0) })
        default: value
        }
    }
}
