import Encodings
import Model
import OAuth
import Provider

/// Turns a rejection into status, headers and body, as the table in `rendering(of:)` says.
struct ErrorRenderer {
    let dialect: Dialect
    let behavior: VersionBehavior
    /// Whether the internal cause is returned in the member `parent`.
    let includesCause: Bool

    /// - Parameter usesHeaderOrNothing: whether the caller tried the Authorization header, or no way of authentication at all: then a 401 says which
    ///   scheme would do.
    func answer(to rejection: Rejection, at endpoint: Endpoint, usesHeaderOrNothing: Bool) -> ErrorResponse {
        let reported = reported(rejection)
        var answer = rendering(of: reported).answer(in: dialect, at: endpoint)
        guard dialect == .documented else { return answer }
        answer.description = Self.description(reported.detail)
        if answer.status == 401 {
            let isAboutToken = answer.error == .invalidToken
            answer.challenge =
                isAboutToken ? "Bearer realm=\"ZITADEL\"" : usesHeaderOrNothing ? "Basic realm=\"ZITADEL\"" : nil
        }
        return answer
    }

    /// A warning when only the older version that is followed answers so, saying what the newest answers.
    func warnings(
        _ answer: ErrorResponse, to rejection: Rejection, at endpoint: Endpoint, usesHeaderOrNothing: Bool
    ) -> [Warning] {
        let newest = ServerVersion.of2026July
        let other = ErrorRenderer(dialect: dialect, behavior: .of(newest), includesCause: includesCause)
            .answer(to: rejection, at: endpoint, usesHeaderOrNothing: usesHeaderOrNothing)
        guard other != answer else { return [] }
        let newer = [other.error?.rawValue, other.description.map { "\"\($0)\"" }].compactMap(\.self).joined(
            separator: " ")
        return [
            Warning(
                .oldServerVersion,
                "only older servers answer so; \(newest.rawValue) answers \(other.status) \(newer)"
            )
        ]
    }

    /// The rejection that the answer is about: ZITADEL's documentation reports a rejected client before a missing token, the server does not.
    func reported(_ rejection: Rejection) -> Rejection {
        dialect == .documented ? rejection.deferredClientError ?? rejection : rejection
    }

    /// The body; ends with a line feed, as all of ZITADEL's JSON does.
    func body(_ answer: ErrorResponse, _ rejection: Rejection) -> [UInt8] {
        guard let error = answer.error else { return Array("{\"active\":false}\n".utf8) }
        var object: JSONObject = ["error": .string(error.rawValue)]
        object.append("error_description", ifNotEmpty: answer.description)
        if includesCause { object.append("parent", ifNotEmpty: reported(rejection).cause?.text) }
        return JSON.object(object).bytes() + [10]
    }
}
