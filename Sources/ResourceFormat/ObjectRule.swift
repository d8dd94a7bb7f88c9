public import Encodings

/// What the shapes of the members of an object cannot say, such as how two of them go together. The JSON Schema does not have it.
public struct ObjectRule: Sendable {
    /// What is wrong with an object, and where: the names that lead there from the object. Nil when nothing is.
    public let problem: @Sendable (JSONObject) -> (place: [String], message: String)?

    public init(problem: @escaping @Sendable (JSONObject) -> (place: [String], message: String)?) {
        self.problem = problem
    }
}
