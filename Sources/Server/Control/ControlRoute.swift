import Encodings
import OAuth
import ResourceFormat

/// One route of the control API. The listing, the OpenAPI document, the check of calls, 404 and 405 follow from the table of routes.
struct ControlRoute: Sendable {
    let method: String
    /// Below `/mock/v1`, with `{parameters}`.
    let path: String
    /// What it does, in a few words.
    let summary: String
    /// All parameters of the query; nil when they are not described, and any is taken.
    let query: [QueryParameter]?
    let body: BodyDescription
    let answer: ResponseDescription
    /// Problems that there may be, besides those of every route, body and parameter.
    let problems: [Problem.Kind]
    let run: @Sendable (ControlRequest) throws -> ControlReply

    init(
        _ method: String, _ path: String, _ summary: String, query: [QueryParameter]? = nil,
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

    /// Checks a call against the description.
    /// - Throws: `Problem` with everything that is wrong.
    func check(_ form: FormParameters, _ body: JSONObject) throws(Problem) {
        try checkQuery(form)
        guard case .object(let shape, _) = self.body else { return }
        let diagnostics = Diagnostics()
        ShapeChecker(diagnostics, source: .call).check(.object(body), .object(shape), SourceLocation(file: ""))
        guard diagnostics.problems.isEmpty else {
            throw Problem(invalidBody: diagnostics.problems.map { ($0.pointer ?? "", $0.message) })
        }
    }

    private func checkQuery(_ form: FormParameters) throws(Problem) {
        guard let query else { return }
        for (name, value) in form.parameters {
            guard let parameter = query.first(where: { $0.name == name }) else {
                let names = query.map(\.name)
                let hint =
                    Similarity.nearest(to: name, in: names).map { "did you mean \($0)?" }
                    ?? (names.isEmpty ? "there are none here" : "known are \(names.joined(separator: ", "))")
                throw Problem(.invalidParameter, "unknown parameter \(QueryParameter.quoted(name)); \(hint)")
            }
            if let problem = parameter.problem(value) { throw Problem(.invalidParameter, problem) }
        }
    }
}
