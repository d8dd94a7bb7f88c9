import Encodings

/// Finds values that occur twice where each may occur once. Compares bytes: equal texts in different Unicode normal forms are different names.
struct UniqueNames {
    private let what: String
    private var locations: [ExactString: SourceLocation?] = [:]

    /// - Parameter what: what the value is, with its article.
    init(_ what: String) {
        self.what = what
    }

    /// Registers a value that is in the database already.
    mutating func addExisting(_ value: String) { locations[ExactString(value)] = .some(nil) }

    func contains(_ value: String) -> Bool { locations[ExactString(value)] != nil }

    /// - Returns: whether the value is new; if not, that was reported.
    @discardableResult
    mutating func add(
        _ value: String, _ location: SourceLocation, _ diagnostics: Diagnostics, shown: String? = nil
    ) -> Bool {
        let key = ExactString(value)
        guard let known = locations[key] else {
            locations[key] = .some(location)
            return true
        }
        let other =
            known.map { " at " + ($0.file == location.file ? $0.pointer : "\($0.file) \($0.pointer)") } ?? ""
        diagnostics.addConflict(
            location, "\(TextRules.quoted(shown ?? value)) is already \(what)\(other); expected a unique one")
        return false
    }
}
