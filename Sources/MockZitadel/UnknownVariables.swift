import Encodings

/// Variables of the environment that look like settings and are none.
enum UnknownVariables {
    private static let prefix = "MOCK_ZITADEL_"

    /// Those that docker-compose.yml and the scripts of the repository use.
    private static let ofOthers: Set<String> = [
        "SEED_FOLDER", "IMAGE", "PUBLISHED_PORT", "IN_FOLDER", "INSIDE", "TOOLCHAIN",
    ]

    private static let known: Set<String> = Set(
        CommandTable.commands.flatMap(\.options).compactMap(\.environment).map { String($0.dropFirst(prefix.count)) })

    /// A warning for each variable that has no effect.
    static func warnings(_ environment: [String: String]) -> [String] {
        environment.sorted { $0.key < $1.key }.compactMap { name, value in
            guard let rest = rest(of: name), !isOfKubernetes(rest, value) else { return nil }
            if known.contains(rest) {
                return name == prefix + rest ? nil : "the variable \(name) is ignored; did you mean \(prefix)\(rest)?"
            }
            guard !ofOthers.contains(rest) else { return nil }
            let hint =
                Similarity.nearest(to: rest, in: known.sorted()).map { "did you mean \(prefix)\($0)?" }
                ?? "mock-zitadel settings lists those that there are; name variables of seeds otherwise"
            return "the variable \(name) is not a setting, and is ignored; \(hint)"
        }
    }

    /// What follows the prefix, in upper case, however that is written; nil for variables of others.
    private static func rest(of name: String) -> String? {
        let upper = name.uppercased()
        if upper.hasPrefix(prefix) { return String(upper.dropFirst(prefix.count)) }
        // `MOCKZITADEL_PORT`, `MOCK_ZITADE_PORT`
        guard upper.hasPrefix("MOCK") else { return nil }
        return known.first { upper.hasSuffix("_" + $0) && Similarity.nearest(to: upper, in: [prefix + $0]) != nil }
    }

    /// Kubernetes sets `NAME_SERVICE_HOST`, `NAME_SERVICE_PORT_HTTP`, `NAME_PORT` and `NAME_PORT_80_TCP_ADDR` for each service of a namespace, and a
    /// service may be called mock-zitadel, or mock-zitadel-control.
    private static func isOfKubernetes(_ rest: String, _ value: String) -> Bool {
        let name = "_" + rest
        if ServiceLink.isAddress(value) || name.hasSuffix("_SERVICE_HOST") { return true }
        if name.hasSuffix("_SERVICE_PORT") || name.contains("_SERVICE_PORT_") { return true }
        let words = name.split(separator: "_")
        return words.indices.contains { index in
            words[index] == "PORT" && words.count > index + 2 && Int(words[index + 1]) != nil
                && ["TCP", "UDP", "SCTP"].contains(String(words[index + 2]))
        }
    }
}
