/// Collects what is wrong with documents, so that all of it is reported at once.
public final class Diagnostics {
    /// More problems than this are not collected: nobody reads them, and a document could hold millions.
    public static let limit = 1000

    public private(set) var problems: [Diagnostic] = []
    /// What is accepted, but probably not meant.
    public private(set) var warnings: [Diagnostic] = []
    /// Places whose value is unusable, where further problems would only be consequences.
    private var silenced: Set<SourceLocation> = []

    public init() {}

    /// Whether further problems are ignored, so that no hint need be worked out for them.
    var isFull: Bool { problems.count >= Self.limit }

    public func add(_ place: SourceLocation, _ message: String) {
        guard problems.count < Self.limit, !silenced.contains(place) else { return }
        problems.append(Diagnostic(file: place.file, pointer: place.pointer, message: message))
    }

    /// Adds that a value is taken by another resource.
    func addConflict(_ place: SourceLocation, _ message: String) {
        let count = problems.count
        add(place, message)
        if problems.count > count { problems[count].isConflict = true }
    }

    /// Adds a problem and ignores all further ones at the same place.
    public func addLast(_ place: SourceLocation, _ message: String) {
        add(place, message)
        silenced.insert(place)
    }

    public func add(file: String, _ message: String) {
        guard problems.count < Self.limit else { return }
        problems.append(Diagnostic(file: file, pointer: nil, message: message))
    }

    public func warn(_ place: SourceLocation, _ message: String) {
        guard warnings.count < Self.limit else { return }
        warnings.append(Diagnostic(file: place.file, pointer: place.pointer, message: message))
    }

    /// Adds to problems what is known of their places.
    public func amend(_ note: (SourceLocation) -> String?) {
        for (index, problem) in problems.enumerated() {
            guard let pointer = problem.pointer,
                let text = note(SourceLocation(file: problem.file, pointer: pointer))
            else { continue }
            problems[index].message += "; \(text)"
        }
    }

    /// Fills in lines and columns.
    /// - Parameter positions: the positions of some pointers in a file.
    public func locate(_ positions: (_ file: String, _ pointers: Set<String>) -> [String: (line: Int, column: Int)]) {
        problems = Self.located(problems, positions)
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
