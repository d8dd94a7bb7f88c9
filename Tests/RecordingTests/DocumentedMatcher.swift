import Encodings
import HTTP

/// Judges a rejection in the dialect `documented`: one of the recorded pairs of status and error, in words of its own.
enum DocumentedMatcher {
    /// - Parameters:
    ///   - allowed: `[[status, error], …]`.
    ///   - request: what was sent, for the rule when a 401 names a scheme.
    ///   - secrets: what the words may not repeat.
    static func differences(
        _ allowed: [JSON], _ answer: Answer, _ request: JSONObject, secrets: [String]
    ) -> [Difference] {
        let body = answer.json?.object ?? [:]
        let outcome = JSON.array([.integer(Int64(answer.response.status)), body["error"] ?? .null])
        guard allowed.contains(outcome) else {
            return [
                Difference(what: "outcome", expected: allowed.map(\.text).joined(separator: " or "), got: outcome.text)
            ]
        }
        var found: [Difference] = []
        func expect(_ what: String, _ expected: String?, _ got: String?) {
            if expected != got {
                found.append(Difference(what: what, expected: expected ?? "(absent)", got: got ?? "(absent)"))
            }
        }
        let description = body["error_description"]?.string ?? ""
        if description.isEmpty { expect("error_description", "some text", nil) }
        if secrets.contains(where: description.contains) {
            expect("error_description", "no secret or token in it", "one")
        }
        let challenge = answer.header("WWW-Authenticate")
        if answer.response.status == 401 {
            if body["error"] == .string("invalid_token") {
                if challenge?.hasPrefix("Bearer") != true { expect("header WWW-Authenticate", "Bearer", challenge) }
            } else {
                expect("header WWW-Authenticate", names(request) ? "Basic realm=\"ZITADEL\"" : nil, challenge)
            }
        }
        expect("header Content-Type", "application/json", answer.header("Content-Type"))
        expect("header Cache-Control", "no-store", answer.header("Cache-Control"))
        return found
    }

    /// Whether the caller tried the Authorization header, or no way of authentication at all.
    private static func names(_ request: JSONObject) -> Bool {
        func sent(_ member: String) -> [String] { request[member]?.array?.compactMap { $0.array?.first?.string } ?? [] }
        let parameters = sent("form") + sent("query")
        return sent("headers").contains { $0.lowercased() == "authorization" }
            || !["client_id", "client_assertion"].contains(where: parameters.contains)
    }

    /// Judges a rejection that the app gets by redirect.
    /// - Parameter errors: what `error` may be, separated by `|`.
    static func differences(redirect errors: String, _ answer: Answer) -> [Difference] {
        let parameters = answer.locationParameters
        let error = parameters["error"] ?? ""
        guard answer.response.status == 302, errors.split(separator: "|").contains(Substring(error)) else {
            let got = "\(answer.response.status) \(answer.header("Location") ?? answer.text)"
            return [Difference(what: "outcome", expected: "302 with error \(errors)", got: got)]
        }
        guard parameters["error_description"]?.isEmpty == false else {
            return [Difference(what: "error_description", expected: "some text", got: "(absent)")]
        }
        return []
    }
}
