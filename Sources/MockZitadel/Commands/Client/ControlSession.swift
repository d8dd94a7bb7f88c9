import Encodings
import HTTP

/// A run of a command against a running server.
struct ControlSession {
    let invocation: Invocation
    let client: ControlClient
    /// Whether answers are printed as the server wrote them.
    let isJSON: Bool
    let isColored: Bool

    /// - Throws: `UsageError`
    init(_ invocation: Invocation) throws {
        self.invocation = invocation
        var client = try ControlCommand.client(invocation)
        client.names = MemberNames(invocation.command)
        self.client = client
        isJSON = invocation.has(ControlCommand.json)
        isColored = Terminal.isColored(1, invocation.environment)
    }

    var words: [String] { invocation.words }

    func usage(_ text: String) -> UsageError { UsageError(description: text, command: invocation.command.path) }

    // MARK: Answers

    /// Prints an answer: its JSON, or what is made of it for people.
    func show(_ response: HTTPResponse, _ text: (JSONObject) -> String) {
        guard !isJSON else { return showJSON(response) }
        let object = (try? JSONParser.parse(response.body))?.object ?? [:]
        let shown = text(object)
        if !shown.isEmpty { Terminal.print(shown) }
    }

    func showJSON(_ response: HTTPResponse) {
        guard !response.body.isEmpty else { return }
        let text = String(decoding: response.body, as: UTF8.self)
        Terminal.print(text.hasSuffix("\n") ? String(text.dropLast()) : text)
    }

    /// Removes what each word names, and prints what was removed; one that the server refuses does not keep the others from it.
    /// - Parameters:
    ///   - kind: what it is: "instance".
    ///   - exists: whether it is there; the server answers the same to the removal of what is not.
    /// - Throws: the last refusal.
    func remove(
        _ kind: String, _ done: String, exists: (String) throws -> Bool, _ call: (String) throws -> Void
    ) throws {
        var refused: [ControlClient.Refused] = []
        for word in words {
            do {
                let isThere = try exists(word)
                try call(word)
                self.done(isThere ? "\(done) \(word)" : "there was no \(kind) \(word)")
            } catch let refusal as ControlClient.Refused { refused.append(refusal) }
        }
        for refusal in refused.dropLast() { Terminal.printError("mock-zitadel: \(refusal)") }
        if let last = refused.last { throw last }
    }

    /// What a list of the server has in a member of each item.
    func members(_ name: String, of path: String, query: ControlClient.Query = []) throws -> Set<String> {
        let answer = try client.call("GET", path, query: query)
        let items = (try? JSONParser.parse(answer.body))?.object?["items"]?.array ?? []
        return Set(items.compactMap { $0.object?[name]?.string })
    }

    /// Whether the server has one resource at a path.
    func isThere(_ path: String) throws -> Bool {
        do { try client.call("GET", path) } catch let refusal as ControlClient.Refused
            where refusal.response.status == 404
        {
            return false
        }
        return true
    }

    /// Prints one line for what was done to several things: how many, if the server says so.
    func done(_ text: String, _ response: HTTPResponse) {
        guard !isJSON else { return showJSON(response) }
        let members = (try? JSONParser.parse(response.body))?.object?.members ?? []
        let count = members.lazy.compactMap(\.value.wholeNumber).first
        Terminal.print(count.map { "\(text): \($0)" } ?? text)
    }

    /// Prints one line for an answer without content.
    func done(_ text: String) {
        if !isJSON { Terminal.print(text) }
    }

    /// Heading, and the text of a cell.
    typealias Column = (heading: String, cell: @Sendable (JSONObject) -> String)

    /// A table of the items of a list.
    func table(_ list: JSONObject, _ columns: [Column], none: String) -> String {
        let items = (list["items"]?.array ?? []).compactMap(\.object)
        guard !items.isEmpty else { return none }
        let rows = [columns.map(\.heading)] + items.map { item in columns.map { $0.cell(item) } }
        let more = list["next"] == nil ? "" : "\n  … and more; --limit shows up to 1000, --json the rest"
        return Terminal.table(rows, isColored: isColored) + more
    }

    /// Names and values, one a line.
    func list(_ pairs: [(name: String, value: String?)]) -> String {
        Terminal.table(
            pairs.compactMap { pair in pair.value.map { [pair.name, $0] } }, isColored: isColored, hasHeading: false)
    }

    // MARK: Options

    /// The values of an option that may be given several times, each with several words.
    func values(_ option: CommandOption) -> [String]? {
        let values = invocation.all(option).flatMap { $0.split(separator: " ").map(String.init) }
        return values.isEmpty ? nil : values
    }

    /// `NAME=VALUE` of an option that may be given several times.
    /// - Throws: `UsageError`
    func pairs(_ option: CommandOption) throws -> [(name: String, value: String)] {
        try invocation.all(option).map { text in
            let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard sides.count == 2, !sides[0].isEmpty else {
                throw usage("\(option.flag) is \(JSON.string(text).text); expected \(option.value ?? "NAME=VALUE")")
            }
            return (sides[0], sides[1])
        }
    }

    /// The parameters that some options make; the name of one is that of its flag, in camel case.
    func query(_ options: [CommandOption]) -> ControlClient.Query {
        options.flatMap { option in invocation.all(option).map { (option.memberName, $0) } }
    }
}

extension JSONObject {
    /// A member as people read it; `-` when it is absent.
    func shown(_ name: String) -> String { self[name]?.shown ?? "-" }

    mutating func append(_ name: String, _ text: String?) {
        if let text { append(name, .string(text)) }
    }

    mutating func append(_ name: String, _ texts: [String]?) {
        if let texts { append(name, JSON.strings(texts)) }
    }

    mutating func append(_ name: String, _ number: Int?) {
        if let number { append(name, JSON.integer(Int64(number))) }
    }
}

extension JSON {
    /// A value as people read it.
    var shown: String {
        switch self {
        case .null: "-"
        case .string(let text): text
        case .array(let values): values.map(\.shown).joined(separator: " ")
        default: text
        }
    }
}

extension CommandOption {
    /// The member of a body, or the parameter, that a flag sets: `retryAfter` for `--retry-after`.
    var memberName: String {
        if let member { return member }
        let parts = flag.dropFirst(2).split(separator: "-")
        return parts.enumerated().map { $0 == 0 ? String($1) : $1.prefix(1).uppercased() + $1.dropFirst() }.joined()
    }
}
