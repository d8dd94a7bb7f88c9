import Encodings
import HTTP

/// An error of the control API: a problem document (RFC 9457).
struct Problem: Error {
    /// The closed list of problem types: `/mock/problems/NAME`.
    enum Kind: String, CaseIterable {
        case invalidBody = "invalid-body"
        case invalidParameter = "invalid-parameter"
        case unsupportedMediaType = "unsupported-media-type"
        case unauthorized
        case forbiddenHost = "forbidden-host"
        case forbiddenOrigin = "forbidden-origin"
        case notFound = "not-found"
        case methodNotAllowed = "method-not-allowed"
        case conflict
        case notVerified = "not-verified"
        case tooMany = "too-many"
        case serverFailure = "server-failure"

        var status: Int {
            switch self {
            case .invalidBody, .invalidParameter: 400
            case .unauthorized: 401
            case .forbiddenHost, .forbiddenOrigin: 403
            case .notFound: 404
            case .methodNotAllowed: 405
            case .conflict: 409
            case .unsupportedMediaType: 415
            case .notVerified: 422
            case .tooMany: 429
            case .serverFailure: 500
            }
        }

        var title: String {
            switch self {
            case .invalidBody: "The request body is invalid"
            case .invalidParameter: "A query parameter is invalid"
            case .unsupportedMediaType: "The body must be application/json"
            case .unauthorized: "The control token is missing or wrong"
            case .forbiddenHost: "The control API does not answer for this host"
            case .forbiddenOrigin: "The control API takes no commands from this web page"
            case .notFound: "There is no such resource"
            case .methodNotAllowed: "The method is not allowed here"
            case .conflict: "The change conflicts with the present state"
            case .notVerified: "The requests are not as expected"
            case .tooMany: "A limit is reached"
            case .serverFailure: "The server failed"
            }
        }
    }

    var kind: Kind
    /// What was sent, and what was expected.
    let detail: String
    /// A JSON pointer into the body.
    var pointer: String?
    /// All that is wrong, when there is more than one thing.
    var problems: [(pointer: String, detail: String)] = []
    /// Further members.
    var extra = JSONObject()
    var headers: [(name: String, value: String)] = []

    init(_ kind: Kind, _ detail: String, pointer: String? = nil) {
        self.kind = kind
        self.detail = detail
        self.pointer = pointer
    }

    /// Everything that is wrong with a body; at least one thing.
    init(invalidBody problems: [(pointer: String, detail: String)]) {
        kind = .invalidBody
        detail = problems.first.map { ($0.pointer.isEmpty ? "" : $0.pointer + ": ") + $0.detail } ?? ""
        pointer = problems.first?.pointer
        self.problems = problems.count > 1 ? problems : []
    }

    /// The same problem of a body that has the present one at a pointer.
    func below(_ prefix: String) -> Problem {
        guard let pointer else { return self }
        let text = detail.hasPrefix("\(pointer): ") ? String(detail.dropFirst(pointer.count + 2)) : detail
        var moved = Problem(
            invalidBody: problems.isEmpty
                ? [(prefix + pointer, text)] : problems.map { (prefix + $0.pointer, $0.detail) })
        (moved.kind, moved.extra, moved.headers) = (kind, extra, headers)
        return moved
    }

    /// The detail with its place, for the log.
    var summary: String {
        guard let pointer, !pointer.isEmpty, !detail.hasPrefix(pointer) else { return detail }
        return "\(pointer): \(detail)"
    }

    var response: HTTPResponse {
        var object: JSONObject = [
            "type": .string("/mock/problems/\(kind.rawValue)"), "title": .string(kind.title),
            "status": .integer(Int64(kind.status)), "detail": .string(detail),
        ]
        if let pointer { object.append("pointer", .string(pointer)) }
        if !problems.isEmpty {
            object.append(
                "problems",
                .array(problems.map { .object(["pointer": .string($0.pointer), "detail": .string($0.detail)]) }))
        }
        object.members += extra.members
        return HTTPResponse(
            status: kind.status, headers: [("Content-Type", "application/problem+json")] + headers,
            body: JSON.object(object).bytes() + [10])
    }
}
