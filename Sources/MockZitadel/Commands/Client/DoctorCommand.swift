import Encodings

/// `mock-zitadel doctor`
enum DoctorCommand {
    private static let hostName = CommandOption(
        "host-name", "NAME",
        "Also ask the first ADDRESS by this name, with its port, as if it were known here; repeatable.")

    static let command = ControlCommand.make(
        "doctor", "Shows what each address of a running server says of itself, what is wrong, and what to do.",
        arguments: [
            .init(name: "ADDRESS", help: "of the server (default: --url)", isRequired: false, isRepeatable: true)
        ], options: [hostName],
        details: """
            As a browser and as a container see it:
              mock-zitadel doctor http://localhost:8080 --host-name zitadel:8080
            Exit status: 1 when something is wrong.
            """, run: run)

    struct ProblemsFound: Error, CustomStringConvertible {
        let description: String
    }

    private static func run(_ session: ControlSession) throws {
        var clients = try session.words.map { word -> ControlClient in
            let address = try ControlCommand.address(word, namedBy: "ADDRESS", in: ["doctor"])
            return ControlClient(
                address: address, token: session.client.token, instance: session.client.instance)
        }
        if clients.isEmpty { clients = [session.client] }
        for name in session.invocation.all(hostName) {
            guard WebOrigin.isValidHost(name) else {
                throw session.usage("--host-name is \(JSON.string(name).text); expected a host, such as zitadel:8080")
            }
            var client = clients[0]
            client.hostName = name
            clients.append(client)
        }
        let checks = clients.map { client in
            var check = DoctorCheck(client)
            check.run()
            return check
        }
        let common = comparison(checks)
        Terminal.print(session.isJSON ? json(checks, common).text : text(session, checks, common))
        let count = checks.flatMap(\.findings).count(where: \.isWrong) + common.count
        guard count == 0 else {
            throw ProblemsFound(description: count == 1 ? "one thing is wrong" : "\(count) things are wrong")
        }
    }

    /// What is wrong with the addresses together.
    private static func comparison(_ all: [DoctorCheck]) -> [DoctorCheck.Finding] {
        var findings: [DoctorCheck.Finding] = []
        let issuers = Set(all.compactMap(\.issuer))
        if issuers.count > 1 {
            findings.append(
                .init(
                    isWrong: true, what: "the addresses have \(issuers.count) issuers",
                    advice:
                        "a JWT of one is refused at the other: use one address everywhere, or pin the issuer with --issuer"
                ))
        }
        if Set(all.compactMap { $0.keyIDs.map(Set.init) }).count > 1 {
            findings.append(
                .init(
                    isWrong: true, what: "the addresses have different signing keys",
                    advice: "they lead to different servers or instances: look at ports and host names"))
        }
        return findings
    }

    // MARK: Output

    private static func text(
        _ session: ControlSession, _ all: [DoctorCheck], _ common: [DoctorCheck.Finding]
    ) -> String {
        let heading = ["ADDRESS", "ISSUER", "KEYS", "CLOCK", "TOKEN ENDPOINT", "CONTROL", "RESULT"]
        let rows = all.map { each -> [String] in
            let keys = each.keyIDs.map { $0.isEmpty ? "none yet" : $0.joined(separator: " ") } ?? "-"
            let clock = each.skew.map { $0 == 0 ? "same" : "\($0 > 0 ? "+" : "")\($0) s" } ?? "-"
            let verdict = each.isWrong ? "wrong" : "ok"
            return [
                each.name, each.issuer ?? "-", keys, clock, each.tokenEndpoint ?? "-", each.control, verdict,
            ]
        }
        let findings = all.flatMap { each in each.findings.map { (each.name, $0) } } + common.map { ("all", $0) }
        let lines = findings.map { name, finding in
            "\(finding.isWrong ? "wrong" : "note"): \(name): \(finding.what)\n  \(finding.advice)"
        }
        return ([Terminal.table([heading] + rows, isColored: session.isColored)] + lines).joined(separator: "\n")
    }

    private static func json(_ all: [DoctorCheck], _ common: [DoctorCheck.Finding]) -> JSON {
        let items = all.map { each -> JSON in
            var object: JSONObject = ["address": .string(each.name)]
            object.append("issuer", each.issuer)
            object.append("keyIds", each.keyIDs)
            if let skew = each.skew { object.append("clockAheadSeconds", .integer(skew)) }
            object.append("clock", each.clockMode)
            object.append("tokenEndpoint", each.tokenEndpoint)
            object.append("control", each.control)
            object.append("findings", .array(each.findings.map(json)))
            return .object(object)
        }
        return .object(["items": .array(items), "findings": .array(common.map(json))])
    }

    private static func json(_ finding: DoctorCheck.Finding) -> JSON {
        .object([
            "isWrong": .bool(finding.isWrong), "what": .string(finding.what), "advice": .string(finding.advice),
        ])
    }
}
