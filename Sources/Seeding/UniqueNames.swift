/// Finds values that stand twice where each may stand once.
struct UniqueNames {
    private let what: String
    private var places: [String: Place] = [:]

    /// - Parameter what: what the value is, with its article.
    init(_ what: String) {
        self.what = what
    }

    mutating func add(_ value: String, _ place: Place, _ problems: Problems, shown: String? = nil) {
        guard let first = places[value] else {
            places[value] = place
            return
        }
        let other = first.file == place.file ? first.pointer : "\(first.file) \(first.pointer)"
        problems.add(place, "\"\(shown ?? value)\" is already \(what) at \(other); each must be another")
    }
}
