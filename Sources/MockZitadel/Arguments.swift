/// A command line that cannot be followed, in one line that says what would do.
struct UsageError: Error, CustomStringConvertible {
    let description: String
}

/// Flags and values of a command line: `--name value`, `--name=value`, `--flag`.
struct Arguments {
    private(set) var words: [String] = []
    private var values: [String: [String]] = [:]

    /// - Parameters:
    ///   - valued: flags that a value follows.
    ///   - plain: flags without one.
    init(_ arguments: some Sequence<String>, valued: [String], plain: [String]) throws {
        var rest = Array(arguments)[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("-"), argument != "-" else {
                words.append(argument)
                continue
            }
            let sides = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if plain.contains(sides[0]) {
                guard sides.count == 1 else { throw UsageError(description: "\(sides[0]) takes no value") }
                values[sides[0], default: []].append("on")
            } else if valued.contains(sides[0]) {
                guard let value = sides.count == 2 ? sides[1] : rest.popFirst() else {
                    throw UsageError(description: "\(sides[0]) needs a value")
                }
                values[sides[0], default: []].append(value)
            } else {
                let known = (valued + plain).sorted().joined(separator: ", ")
                throw UsageError(description: "unknown flag \(sides[0]); known are \(known)")
            }
        }
    }

    func all(_ flag: String) -> [String] { values[flag] ?? [] }
    func last(_ flag: String) -> String? { values[flag]?.last }
    func has(_ flag: String) -> Bool { values[flag] != nil }

    /// What a setting was set to, and by which name: the flag if it was given, else the variable. An empty variable counts as not set.
    func value(of setting: Setting, environment: [String: String]) -> (value: String, name: String)? {
        if let value = last(setting.flag) { return (value, setting.flag) }
        if let value = environment[setting.environment], !value.isEmpty { return (value, setting.environment) }
        return nil
    }

    /// Where seeds are read from: the paths that were named, else those of the variable, else the default.
    static func seedPaths(named: [String], environment: [String: String]) -> [String] {
        guard named.isEmpty else { return named }
        let listed = (environment[Setting.seed.environment] ?? "").split(separator: ":").map(String.init)
        return listed.isEmpty ? [Setting.seed.standard] : listed
    }
}
