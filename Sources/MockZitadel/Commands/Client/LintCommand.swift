/// `mock-zitadel lint`
enum LintCommand {
    static let commands = [
        ControlCommand.make(
            "lint show", "Lists what clients of a running server do that ZITADEL advises against.", isGroupDefault: true
        ) { session in
            session.show(try session.client.call("GET", "/lint")) { list in
                session.table(
                    list,
                    [
                        ("CLIENT", { $0.shown("client") }), ("CODE", { $0.shown("code") }),
                        ("COUNT", { $0.shown("count") }), ("LAST", { $0.shown("last") }),
                        ("WHAT TO DO", { $0.shown("detail") }),
                    ], none: "no warnings")
            }
        },
        ControlCommand.make("lint clear", "Forgets the warnings so far.") { session in
            try session.client.call("DELETE", "/lint")
            session.done("no warnings")
        },
    ]
}
