/// Collects what is wrong with documents, so that all of it is reported at once.
public final class Diagnostics {
    /// More problems than this are only counted: nobody reads them, and a document could hold millions.
    public static let limit = 100
    /// So many problems name what was probably meant, which has to be looked for.
    private static let hintLimit = 10

    private var collected: [Diagnostic] = []
    /// Problems that were not collected.
    private var omitted = 0
    private var areOmittedConflicts = true
    private var isIncomplete = false
    /// Whether there is more of something than is allowed.
    private var hasExcess = false
    /// What is accepted, but probably not meant.
    public private(set) var warnings: [Diagnostic] = []
    /// Places whose value is unusable, where further problems would only be consequences.
    private var suppressed: Set<SourceLocation> = []

    public init() {}

    /// What is wrong; when it is too much, the last one says how many more there are.
    public var problems: [Diagnostic] {
        guard omitted > 0, let last = collected.last else { return collected }
        let least = isIncomplete ? "at least " : ""
        var rest = Diagnostic(
            file: last.file, pointer: nil, message: "and \(least)\(omitted) more problem\(omitted == 1 ? "" : "s")")
        rest.isConflict = areOmittedConflicts
        rest.count = omitted
        return collected + [rest]
    }

    /// How many problems were found, collected or not.
    var count: Int { collected.count + omitted }
    /// Whether anything is wrong.
    var hasProblems: Bool { !collected.isEmpty }

    /// Whether further problems are only counted.
    var isFull: Bool { collected.count >= Self.limit }

    /// Whether a problem should name what was probably meant.
    var wantsHint: Bool { collected.count < Self.hintLimit }

    /// Whether to continue with a check that takes long; what it would find is not counted then.
    public func allowsExpensiveCheck() -> Bool {
        guard omitted > 0 || hasExcess else { return true }
        isIncomplete = true
        return false
    }

    public func add(_ location: @autoclosure () -> SourceLocation, _ message: @autoclosure () -> String) {
        add(location(), message(), isConflict: false)
    }

    /// Adds that there is more of something than is allowed.
    func addExcess(_ location: @autoclosure () -> SourceLocation, _ message: @autoclosure () -> String) {
        hasExcess = true
        add(location(), message())
    }

    /// Adds that a value is taken by another resource.
    func addConflict(_ location: @autoclosure () -> SourceLocation, _ message: @autoclosure () -> String) {
        add(location(), message(), isConflict: true)
    }

    private func add(
        _ location: @autoclosure () -> SourceLocation, _ message: @autoclosure () -> String, isConflict: Bool
    ) {
        guard !isFull else {
            omitted += 1
            areOmittedConflicts = areOmittedConflicts && isConflict
            return
        }
        let location = location()
        guard !suppressed.contains(location) else { return }
        var diagnostic = Diagnostic(file: location.file, pointer: location.pointer, message: message())
        diagnostic.isConflict = isConflict
        collected.append(diagnostic)
    }

    /// Adds a problem and ignores all further ones at the same place.
    public func addLast(_ location: SourceLocation, _ message: String) {
        add(location, message)
        suppressed.insert(location)
    }

    public func add(file: String, _ message: String) {
        guard !isFull else {
            (omitted, areOmittedConflicts) = (omitted + 1, false)
            return
        }
        collected.append(Diagnostic(file: file, pointer: nil, message: message))
    }

    public func warn(_ location: SourceLocation, _ message: String) {
        guard warnings.count < Self.limit else { return }
        warnings.append(Diagnostic(file: location.file, pointer: location.pointer, message: message))
    }

    /// The members of an object with problems in them.
    func refusedMembers(of location: SourceLocation) -> Set<String> {
        let prefix = location.pointer + "/"
        return Set(
            collected.compactMap { problem in
                guard problem.file == location.file, let pointer = problem.pointer, pointer.hasPrefix(prefix) else {
                    return nil
                }
                return String(pointer.dropFirst(prefix.count).prefix { $0 != "/" })
            })
    }

    /// Adds to problems what is known of their places.
    public func amend(_ note: (SourceLocation) -> String?) {
        for (index, problem) in collected.enumerated() {
            guard let pointer = problem.pointer,
                let text = note(SourceLocation(file: problem.file, pointer: pointer))
            else { continue }
            collected[index].message += "; \(text)"
        }
    }

    /// Fills in lines and columns.
    /// - Parameter positions: the positions of some pointers in a file.
    public func locate(_ positions: (_ file: String, _ pointers: Set<String>) -> [String: (line: Int, column: Int)]) {
        collected = Self.located(collected, positions)
        warnings = Self.located(warnings, positions)
    }

    private static func located(
        _ list: [Diagnostic], _ positions: (String, Set<String>) -> [String: (line: Int, column: Int)]
    ) -> [Diagnostic] {
        var found: [String: [String: (line: Int, column: Int)]] = [:]
        for (file, diagnostics) in Dictionary(grouping: list, by: \.file) {
            found[file] = positions(file, Set(diagnostics.compactMap(\.pointer)))
        }
        return list.map { diagnostic in
            var diagnostic = diagnostic
            diagnostic.position = diagnostic.pointer.flatMap { found[diagnostic.file]?[$0] }
            return diagnostic
        }
    }
}

/// `"a"`, `"a" or "b"`, `"a", "b" or "c"`.
func alternatives(_ values: [String]) -> String {
    let quoted = values.map { "\"\($0)\"" }
    return quoted.count < 2 ? quoted.joined() : quoted.dropLast().joined(separator: ", ") + " or " + (quoted.last ?? "")
}
