import Encodings
import HTTP
import Model
import Provider

/// Turns a refusal into status, headers and body. The only place that knows the two dialects.
struct RefusalRenderer {
    let dialect: Dialect
    let facts: ServerFacts
    /// Whether the internal cause is told in the member `parent`.
    let tellsCause: Bool

    /// What goes over the wire.
    struct Answer: Equatable {
        var status: Int
        /// nil for `{"active":false}`.
        var error: String?
        var description: String?
        /// The value of `WWW-Authenticate`.
        var challenge: String?
    }

    /// - Parameter usesHeaderOrNothing: whether the caller tried the Authorization header, or no way of authentication at all: then a 401 says which
    ///   scheme would do.
    func answer(to refusal: Refusal, at endpoint: Endpoint, usesHeaderOrNothing: Bool) -> Answer {
        guard dialect == .documented else { return server(refusal, endpoint) }
        let told = told(refusal)
        var answer = documented(told, endpoint) ?? server(told, endpoint)
        answer.description = told.sentence
        if answer.status == 401 {
            let isAboutToken = answer.error == "invalid_token"
            answer.challenge =
                isAboutToken ? "Bearer realm=\"ZITADEL\"" : usesHeaderOrNothing ? "Basic realm=\"ZITADEL\"" : nil
        }
        return answer
    }

    /// A warning when only the older version that is followed answers so, saying what the newest answers.
    func warnings(_ answer: Answer, to refusal: Refusal, at endpoint: Endpoint, usesHeaderOrNothing: Bool) -> [Warning]
    {
        let newest = ServerVersion.of2026July
        let other = RefusalRenderer(dialect: dialect, facts: .of(newest), tellsCause: tellsCause)
            .answer(to: refusal, at: endpoint, usesHeaderOrNothing: usesHeaderOrNothing)
        guard other != answer else { return [] }
        let told = [other.error, other.description.map { "\"\($0)\"" }].compactMap(\.self).joined(separator: " ")
        return [
            Warning(
                "old-server-version", "only older servers answer so; \(newest.rawValue) answers \(other.status) \(told)"
            )
        ]
    }

    /// The guides tell the caller about itself first, the server about the token.
    private func told(_ refusal: Refusal) -> Refusal {
        dialect == .documented ? refusal.alsoRefused.first ?? refusal : refusal
    }

    /// The body; ends with a line feed, as all of ZITADEL's JSON does.
    func body(_ answer: Answer, _ refusal: Refusal) -> [UInt8] {
        guard let error = answer.error else { return Array("{\"active\":false}\n".utf8) }
        var object: JSONObject = ["error": .string(error)]
        object.append("error_description", ifNotEmpty: answer.description)
        if tellsCause { object.append("parent", ifNotEmpty: told(refusal).cause) }
        return JSON.object(object).bytes() + [10]
    }

    // MARK: What the guides and the RFCs promise, where that is not what the server does

    private func documented(_ refusal: Refusal, _ endpoint: Endpoint) -> Answer? {
        if refusal.isOfGrantAssertion { return Answer(status: 400, error: "invalid_grant") }
        switch refusal.reason {
        case .basicUndecodable, .credentialsMissing, .clientUnauthenticated, .clientUnknown, .clientInactive,
            .secretMissing, .noSecret, .badSecret,
            .clientAssertionMissing, .assertionUnparsable, .userUnknown, .userHasNoSecret, .userBadSecret:
            return Answer(status: 401, error: "invalid_client")
        case let reason where reason.refusesAssertion: return Answer(status: 401, error: "invalid_client")
        case .userNotActive, .codeInvalid, .codeUnknown, .codeUsed, .codeExpired, .codeOfOtherClient, .verifierMissing,
            .verifierWrong, .redirectURIDiffers, .refreshTokenInvalid, .refreshTokenRotated, .refreshTokenRevoked,
            .refreshTokenExpired, .refreshTokenOfOtherClient, .deviceCodeUnknown, .deviceCodeUsed:
            return Answer(status: 400, error: "invalid_grant")
        case .requestObject: return Answer(status: 400, error: "invalid_request_object")
        case .sessionTerminated:
            if case .token = endpoint { return Answer(status: 400, error: "invalid_grant") }
            return Answer(status: 401, error: "invalid_token")
        case .notIssuedForClient: return Answer(status: 400, error: "unauthorized_client")
        case .accessTokenMissing: return Answer(status: 401, error: "invalid_token")
        default:
            if case .userInfo = endpoint, refusal.isAboutToken { return Answer(status: 401, error: "invalid_token") }
            return nil
        }
    }
}

extension Refusal {
    /// Whether it is about the token that a request was made with.
    var isAboutToken: Bool {
        switch reason {
        case .tokenMalformed, .tokenUnknown, .tokenSignature, .tokenIssuer, .tokenExpired, .tokenRevoked,
            .tokenSuperseded, .sessionTerminated, .userInactive, .patExpired, .notAnAccessToken:
            true
        default: false
        }
    }
}
