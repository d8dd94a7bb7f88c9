import Encodings
import OAuth
import Provider

/// `mock-zitadel faults`
enum FaultsCommand {
    static let commands = [
        ControlCommand.make("faults list", "Lists the faults of a running server.", isGroupDefault: true, run: list),
        ControlCommand.make(
            "faults add", "Injects a fault.",
            arguments: [.init(name: "JSON", help: "the whole fault instead of options", isRequired: false)],
            options: match + when + actions,
            details: """
                Introspection fails twice, then works:
                  mock-zitadel faults add --endpoint introspect --times 2 --status 503
                Every answer takes half a second:
                  mock-zitadel faults add --delay 500ms
                """, run: add),
        ControlCommand.make(
            "faults clear", "Removes faults.",
            arguments: [
                .init(name: "ID", help: "of a fault (default: all)", isRequired: false, isRepeatable: true)
            ]
        ) { session in
            if session.words.isEmpty { session.done("no faults", try session.client.call("DELETE", "/faults")) }
            try session.remove("fault", "removed") {
                try session.members("id", of: "/faults").contains($0)
            } _: {
                try session.client.call("DELETE", "/faults/\(ControlClient.segment($0))")
            }
        },
    ]

    // MARK: List

    private static func list(_ session: ControlSession) throws {
        session.show(try session.client.call("GET", "/faults")) { list in
            session.table(
                list,
                [
                    ("ID", { $0.shown("id") }), ("MATCHES", { members($0["match"], otherwise: "every request") }),
                    ("WHEN", { members($0["when"], otherwise: "always") }),
                    ("DOES", { members($0["do"], otherwise: "-") }),
                    ("HITS", { $0.shown("hits") }),
                ], none: "no faults")
        }
    }

    @Sendable private static func members(_ value: JSON?, otherwise: String) -> String {
        let members = value?.object?.members ?? []
        return members.isEmpty ? otherwise : members.map { "\($0.name) \($0.value.shown)" }.joined(separator: ", ")
    }

    // MARK: Add

    private static let header = CommandOption("header", "NAME=VALUE", "Only requests with this header; repeatable.")
    private static let match = [
        ControlCommand.endpoint,
        CommandOption("grant", "NAME", "Only token requests of this grant."),
        CommandOption("client", "ID", "Only requests of this client."),
        CommandOption("user", "NAME", "Only requests about this user."),
        CommandOption("token", "TOKEN", "Only requests with this token."), header,
    ]

    private static let after = CommandOption("after", "COUNT", "Let this many requests through first.")
    private static let times = CommandOption("times", "COUNT", "Hit this many requests, then no more.")
    private static let pass = CommandOption("pass", "COUNT", "With --fail: let so many through, again and again.")
    private static let fail = CommandOption("fail", "COUNT", "With --pass: then hit so many.")
    private static let probability = CommandOption("probability", "NUMBER", "From 0 to 1 (default: 1).")
    private static let until = CommandOption("until", "TIME", "RFC 3339.")
    private static let when = [after, times, pass, fail, probability, until]

    private static let status = CommandOption("status", "CODE", "Answer with this status.")
    private static let answerHeader = CommandOption(
        "answer-header", "NAME=VALUE", "A header of the answer; repeatable."
    ).offering([], member: "headers")
    private static let truncate = CommandOption("truncate", "BYTES", "Cut the answer off.")
    private static let delay = CommandOption("delay", "DURATION", "Such as 200ms, or 10ms..2s for a random one.")
    private static let texts = [
        CommandOption("body", "TEXT", "The body of the answer."),
        CommandOption("refuse", "CODE", "Refuse with this OAuth error, such as invalid_grant.")
            .offering(OAuthErrorCode.allCases.map(\.rawValue)),
        CommandOption("trickle", "RATE", "Answer slowly: 10B/s or 2KB/s."),
        CommandOption(
            "close", choices: Fault.Action.Close.allCases.map(\.rawValue), "Close the connection, or never answer."),
        CommandOption("retry-after", "DURATION", "Answer 429 with Retry-After."),
    ]
    private static let switches = [
        CommandOption(switch: "garbage", "Answer what is not JSON."),
        CommandOption(switch: "instance-not-found", "Answer as for an unknown host."),
        CommandOption(switch: "stale-keys", "Answer the key set from before the last rotation."),
    ]
    private static let actions = [status, answerHeader, delay, truncate] + texts + switches

    private static func add(_ session: ControlSession) throws {
        let body: JSONObject
        if let text = session.words.first {
            let parsed: JSON
            do { parsed = try JSONDocument.parse(Array(text.utf8)) } catch {
                throw session.usage(
                    "JSON is \(JSON.string(text).text): \(error.message); expected an object such as {\"do\":{\"status\":503}}"
                )
            }
            guard let object = parsed.object else {
                throw session.usage(
                    "JSON is \(JSON.string(text).text); expected an object such as {\"do\":{\"status\":503}}")
            }
            body = object
        } else {
            body = try described(session)
        }
        var client = session.client
        // Pointers into a fault that was given as JSON are what its writer knows.
        if !session.words.isEmpty { client.names = MemberNames() }
        session.show(try client.call("POST", "/faults", body: body)) { $0.shown("id") }
    }

    private static func described(_ session: ControlSession) throws -> JSONObject {
        let action = try action(session)
        guard !action.members.isEmpty else {
            let flags = actions.map(\.flag).joined(separator: ", ")
            throw session.usage("faults add needs to know what the fault does: \(flags)")
        }
        var body = JSONObject()
        let matched = try matched(session)
        if !matched.members.isEmpty { body.append("match", .object(matched)) }
        let limits = try limits(session)
        if !limits.members.isEmpty { body.append("when", .object(limits)) }
        body.append("do", .object(action))
        return body
    }

    private static func matched(_ session: ControlSession) throws -> JSONObject {
        var object = JSONObject()
        for option in match where option.flag != header.flag {
            object.append(option.memberName, session.invocation.last(option))
        }
        append("header", try session.pairs(header), to: &object)
        return object
    }

    private static func limits(_ session: ControlSession) throws -> JSONObject {
        var object = JSONObject()
        object.append("after", try session.invocation.number(after, 0...1_000_000_000))
        object.append("times", try session.invocation.number(times, 1...1_000_000_000))
        object.append("pass", try session.invocation.number(pass, 1...1_000_000))
        object.append("fail", try session.invocation.number(fail, 1...1_000_000))
        if let text = session.invocation.last(probability) {
            object.append("probability", Double(text) == nil ? .string(text) : .decimal(text))
        }
        object.append("until", session.invocation.last(until))
        return object
    }

    private static func action(_ session: ControlSession) throws -> JSONObject {
        var object = JSONObject()
        object.append("status", try session.invocation.number(status, 200...599))
        append("headers", try session.pairs(answerHeader), to: &object)
        if let text = session.invocation.last(delay) {
            let ends = text.split(separator: "..", maxSplits: 1).map { JSON.string(String($0)) }
            object.append("delay", ends.count == 2 ? .object(["min": ends[0], "max": ends[1]]) : .string(text))
        }
        object.append("truncate", try session.invocation.number(truncate, 0...1_000_000_000))
        for option in texts { object.append(option.memberName, session.invocation.last(option)) }
        for option in switches where session.invocation.has(option) { object.append(option.memberName, .bool(true)) }
        return object
    }

    private static func append(_ name: String, _ pairs: [(name: String, value: String)], to object: inout JSONObject) {
        guard !pairs.isEmpty else { return }
        var members = JSONObject()
        for (name, value) in pairs { members.append(name, .string(value)) }
        object.append(name, .object(members))
    }
}
