/// Variables of the environment in strings, as Docker Compose has them.
///
/// `${NAME}`, `${NAME:-default}` (also when NAME is empty), `${NAME-default}`, `${NAME:?message}` and `${NAME?message}` (an error), `${NAME:+text}`
/// and `${NAME+text}` (when NAME is set). Defaults may hold variables themselves. In front of a brace, `$$` is a literal `$`, so that `$${` is a literal `${`
/// and `$$${NAME}` a `$` and a value; any other `$` is itself.
struct Interpolation {
    struct Failure: Error {
        let message: String
    }

    /// nil where no variables are replaced.
    private let environment: [String: String]?
    private var bytes: ArraySlice<UInt8> = []
    /// The variables whose values were inserted.
    private(set) var used: [String] = []

    private static let depthLimit = 16

    /// A variable that a text names without braces, where nothing is replaced: one of the environment, or the whole text; nil for none.
    func bareVariable(in text: String) -> String? {
        let bytes = Array(text.utf8)
        for start in bytes.indices where bytes[start] == UInt8(ascii: "$") {
            guard start == 0 || bytes[start - 1] != UInt8(ascii: "$") else { continue }
            let name = bytes[(start + 1)...].prefix(while: Self.isNameByte)
            guard let first = name.first, !(48...57).contains(first) else { continue }
            let variable = String(decoding: name, as: UTF8.self)
            let isWhole = start == 0 && name.endIndex == bytes.endIndex && variable == variable.uppercased()
            if isWhole || environment?[variable] != nil { return variable }
        }
        return nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte == 95 || (48...57).contains(byte) || (65...90).contains(byte & 0xDF)
    }

    init(environment: [String: String]?) {
        self.environment = environment
    }

    mutating func expand(_ text: String) throws(Failure) -> String {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return text }
        bytes = Array(text.utf8)[...]
        let result = try expanded(depth: 0)
        return String(decoding: result, as: UTF8.self)
    }

    /// What a run of `$` characters is.
    private enum Dollars {
        /// Themselves.
        case literal(Int)
        /// So many and a brace.
        case brace(Int)
        /// So many, and the beginning of a variable.
        case variable(Int)
    }

    /// Takes all `$` characters at the beginning, and the brace that they are in front of; nil when there are none.
    private mutating func takeDollars() -> Dollars? {
        let count = bytes.prefix { $0 == UInt8(ascii: "$") }.count
        guard count > 0 else { return nil }
        bytes = bytes.dropFirst(count)
        guard bytes.first == UInt8(ascii: "{") else { return .literal(count) }
        bytes = bytes.dropFirst()
        return count % 2 == 1 ? .variable(count / 2) : .brace(count / 2)
    }

    /// Expands up to the end, or up to the brace that closes a default.
    private mutating func expanded(depth: Int) throws(Failure) -> [UInt8] {
        var out: [UInt8] = []
        while let byte = bytes.first {
            if depth > 0, byte == UInt8(ascii: "}") { break }
            switch takeDollars() {
            case .literal(let count): out += Self.dollars(count)
            case .brace(let count): out += Self.dollars(count) + [UInt8(ascii: "{")]
            case .variable(let count): out += Self.dollars(count) + (try variable(depth: depth + 1))
            case nil:
                out.append(byte)
                bytes = bytes.dropFirst()
            }
        }
        return out
    }

    private static func dollars(_ count: Int) -> [UInt8] { [UInt8](repeating: UInt8(ascii: "$"), count: count) }

    /// The value of the variable whose name begins here, up to its closing brace, inclusive.
    private mutating func variable(depth: Int) throws(Failure) -> [UInt8] {
        guard let environment else {
            throw Failure(message: "names a variable, and such a seed may name none; write $${ for a literal ${")
        }
        guard depth <= Self.depthLimit else {
            throw Failure(message: "nests variables more than \(Self.depthLimit) deep")
        }
        guard bytes.contains(UInt8(ascii: "}")) else {
            throw Failure(message: "holds \"${\" without a closing \"}\"; write $${ for a literal ${")
        }
        let name = bytes.prefix(while: Self.isNameByte)
        bytes = bytes.dropFirst(name.count)
        let variable = String(decoding: name, as: UTF8.self)
        let value = environment[variable]
        let isColon = bytes.first == UInt8(ascii: ":")
        let operation = isColon ? bytes.dropFirst().first : bytes.first
        let isPresent = isColon ? value?.isEmpty == false : value != nil
        guard let first = name.first, !(48...57).contains(first),
            let operation, isColon ? "-?+".utf8.contains(operation) : "}-?+".utf8.contains(operation)
        else {
            let rest = String(decoding: (name + bytes.prefix { $0 != UInt8(ascii: "}") }).prefix(60), as: UTF8.self)
            throw Failure(
                message:
                    "\"${\(rest)}\" is not supported; expected ${NAME}, or a text after the name and one of :- - :? ? :+ +, such as ${NAME:-default}, or $${ for a literal ${"
            )
        }
        if operation == UInt8(ascii: "}") {
            bytes = bytes.dropFirst()
            guard let value else {
                throw Failure(
                    message:
                        "the environment has no variable \(variable); set it, or give a default: ${\(variable):-…}")
            }
            return use(value, of: variable)
        }
        bytes = bytes.dropFirst(isColon ? 2 : 1)
        return try choose(operation, variable: variable, value: isPresent ? value : nil, depth: depth)
    }

    /// Reads what follows an operator, and chooses between it and the value.
    private mutating func choose(
        _ operation: UInt8, variable: String, value: String?, depth: Int
    ) throws(Failure) -> [UInt8] {
        // What is not used is read all the same, but may name variables that are not set.
        let isNeeded = (operation == UInt8(ascii: "+")) == (value != nil)
        var alternative: [UInt8] = []
        if isNeeded { alternative = try expanded(depth: depth) } else { try skip(depth: depth) }
        guard bytes.first == UInt8(ascii: "}") else {
            throw Failure(message: "holds \"${\" without a closing \"}\"; write $${ for a literal ${")
        }
        bytes = bytes.dropFirst()
        switch (operation, value) {
        case (UInt8(ascii: "+"), _): return alternative
        case (_, let value?): return use(value, of: variable)
        case (UInt8(ascii: "?"), nil):
            let text = String(decoding: alternative, as: UTF8.self)
            throw Failure(
                message: "the environment variable \(variable) is required" + (text.isEmpty ? "" : ": \(text)"))
        case (_, nil): return alternative
        }
    }

    /// Moves to the brace that closes this level.
    private mutating func skip(depth: Int) throws(Failure) {
        var open = 0
        while let byte = bytes.first {
            if let dollars = takeDollars() {
                if case .variable = dollars { open += 1 }
            } else if byte == UInt8(ascii: "}") {
                guard open > 0 else { return }
                open -= 1
                bytes = bytes.dropFirst()
            } else {
                bytes = bytes.dropFirst()
            }
        }
    }

    private mutating func use(_ value: String, of variable: String) -> [UInt8] {
        if !used.contains(variable) { used.append(variable) }
        return Array(value.utf8)
    }
}
