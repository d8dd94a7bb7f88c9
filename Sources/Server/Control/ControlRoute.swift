import Encodings
import HTTP
import OAuth
import ResourceFormat

/// One route of the control API. The listing, the OpenAPI document, the check of calls, 404 and 405 follow from the table of routes.
struct ControlRoute: Sendable {
    let method: String
    /// Below `/mock/v1`, with `{parameters}`.
    let path: String
    /// What it does, in a few words.
    let summary: String
    /// All parameters of the query.
    let query: [QueryParameter]
    let body: BodyDescription
    let answer: ResponseDescription
    /// Problems that there may be, besides those of every route, body and parameter.
    let problems: [Problem.Kind]
    let run: @Sendable (ControlRequest) throws -> ControlReply

    init(
        _ method: String, _ path: String, _ summary: String, query: [QueryParameter],
        body: BodyDescription? = nil, answer: ResponseDescription? = nil, problems: [Problem.Kind] = [],
        _ run: @escaping @Sendable (ControlRequest) throws -> ControlReply
    ) {
        self.method = method
        self.path = path
        self.summary = summary
        self.query = query
        self.body = body ?? (["GET", "DELETE"].contains(method) ? .empty : .undescribed)
        self.answer = answer ?? (method == "DELETE" ? .noContent : .undescribed)
        self.problems = problems
        self.run = run
    }

    /// Whether it changes or computes something, which may take longer than requests should wait.
    var isCommand: Bool { method != "GET" }

    /// Checks the body of a call against the description.
    /// - Throws: `Problem` with everything that is wrong.
    func checkedBody(_ body: JSONObject, _ path: PathParameters) throws(Problem) -> CheckedObject {
        guard let shape = self.body.shape(path) else { return CheckedObject([:]) }
        return try CheckedObject(body, as: shape)
    }

    /// Checks the parameters of a call against the description.
    /// - Throws: `Problem` with the first that is wrong.
    func checkedQuery(_ form: FormParameters) throws(Problem) -> CheckedObject {
        var values = JSONObject()
        for (name, text) in form.parameters {
            guard let parameter = query.first(where: { $0.name == name }) else {
                let names = query.map(\.name)
                let hint =
                    Similarity.nearest(to: name, in: names).map { "did you mean \($0)?" }
                    ?? (names.isEmpty ? "there are none here" : "known are \(names.joined(separator: ", "))")
                throw Problem(.invalidParameter, "unknown parameter \(QueryParameter.quoted(name)); \(hint)")
            }
            values.append(name, try parameter.checked(text))
        }
        return CheckedObject(values)
    }
}
