import Encodings

/// Finds values that occur twice where each may occur once. Compares bytes: equal texts in different Unicode normal forms are different names.
struct UniqueNames {
    private let what: String
    private var places: [ExactString: SourceLocation?] = [:]

    /// - Parameter what: what the value is, with its article.
    init(_ what: String) {
        self.what = what
    }

    /// Registers a value that is in the database already.
    mutating func addExisting(_ value: String) { places[ExactString(value)] = .some(nil) }

    func contains(_ value: String) -> Bool { places[ExactString(value)] != nil }

    /// - Returns: whether the value is new; if not, that was reported.
    @discardableResult
    mutating func add(
        _ value: String, _ place: SourceLocation, _ diagnostics: Diagnostics, shown: String? = nil
    ) -> Bool {
        let key = ExactString(value)
        guard let known = places[key] else {
            places[key] = .some(place)
            return true
        }
        let other =
            known.map { " at " + ($0.file == place.file ? $0.pointer : "\($0.file) \($0.pointer)") } ?? ""
        diagnostics.addConflict(
            place, "\(TextRules.quoted(shown ?? value)) is already \(what)\(other); expected a unique one")
        return false
    }
}
