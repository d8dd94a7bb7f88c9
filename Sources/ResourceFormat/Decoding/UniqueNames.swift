import Encodings

/// Finds values that occur twice where each may occur once. Compares bytes: equal texts in different Unicode normal forms are different names.
struct UniqueNames {
    private let what: String
    /// What to do about a value that an earlier file has.
    private let advice: String
    private let exists: (String) -> Bool
    private var locations: [ExactString: SourceLocation] = [:]

    /// - Parameters:
    ///   - what: what the value is, with its article.
    ///   - exists: whether an existing resource has a value.
    ///   - advice: what to do when an earlier file has a value, besides another value.
    init(_ what: String, advice: String = "", exists: @escaping (String) -> Bool = { _ in false }) {
        self.what = what
        self.advice = advice
        self.exists = exists
    }

    /// - Parameters:
    ///   - shown: what messages show instead of the value.
    ///   - isTaken: whether an existing resource has the value, where the value alone does not tell.
    /// - Returns: whether the value is new; if not, that was reported.
    @discardableResult
    mutating func add(
        _ value: String, _ location: SourceLocation, _ diagnostics: Diagnostics, shown: String? = nil,
        isTaken: Bool = false
    ) -> Bool {
        let key = ExactString(value)
        let known = locations[key]
        guard known != nil || isTaken || exists(value) else {
            locations[key] = location
            return true
        }
        report(shown ?? value, location, diagnostics, known: known)
        return false
    }

    /// Reports a value that is taken.
    /// - Parameter known: where else the documents have it; nil when an existing resource has it.
    func report(
        _ value: String, _ location: SourceLocation, _ diagnostics: Diagnostics, known: SourceLocation? = nil
    ) {
        let other = known.map { " at \($0.description(seenFrom: location))" } ?? ""
        let advice = known.map { $0.file != location.file } == true ? advice : ""
        diagnostics.addConflict(
            location, "\(TextRules.quoted(value)) is already \(what)\(other); expected a unique one\(advice)")
    }
}
