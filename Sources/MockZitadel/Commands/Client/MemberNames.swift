/// What the members of a request's body are called on the command line, so that a refusal names a flag instead of a JSON pointer.
struct MemberNames: Sendable {
    /// Flags and arguments by the members that they set.
    private var names: [String: String] = [:]
    /// The flag that sets members of any name, such as `--set`.
    private var other: String?

    /// Objects that flags of one command set the members of.
    private static let containers: Set<Substring> = ["match", "when", "do", "times"]

    /// No names: pointers stay as they are.
    init() {}

    init(_ command: Command) {
        for option in command.options { names[option.memberName] = option.flag }
        for argument in command.arguments { if let member = argument.member { names[member] = argument.name } }
        other = names["*"]
    }

    /// - Parameters:
    ///   - pointer: JSON pointer (RFC 6901) into the body.
    ///   - detail: what is wrong there, which may begin with the pointer, or with the name of the member.
    func message(_ pointer: String, _ detail: String) -> String {
        var parts = pointer.split(separator: "/")
        if parts.count > 1, let first = parts.first, Self.containers.contains(first) { parts.removeFirst() }
        let text = detail.hasPrefix("\(pointer): ") ? String(detail.dropFirst(pointer.utf8.count + 2)) : detail
        guard let member = parts.first, let name = names[String(member)] ?? other.map({ "\($0) \(member)" }) else {
            return pointer.isEmpty || text != detail ? detail : "\(pointer): \(detail)"
        }
        // Of a file, the place in it is to be known, too.
        if member == "seed", parts.count > 1 {
            return "\(name): /\(parts.dropFirst().joined(separator: "/")): \(text)"
        }
        if text.hasPrefix("\(member) ") { return name + text.dropFirst(member.count) }
        let isPredicate = ["is ", "has ", "needs "].contains(where: text.hasPrefix)
        return "\(name)\(isPredicate ? "" : ":") \(text)"
    }
}
