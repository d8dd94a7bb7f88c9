import Encodings
import HTTP
import Model
import Provider

/// Turns a rejection into status, headers and body. The only place that knows the two dialects.
struct ErrorRenderer {
    let dialect: Dialect
    let behavior: VersionBehavior
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
        /// The real server answers after a crash of its handler, without the headers that forbid caching.
        var isRecovered = false
    }

    /// - Parameter usesHeaderOrNothing: whether the caller tried the Authorization header, or no way of authentication at all: then a 401 says which
    ///   scheme would do.
    func answer(to rejection: Rejection, at endpoint: Endpoint, usesHeaderOrNothing: Bool) -> Answer {
        guard dialect == .documented else { return server(rejection, endpoint) }
        let reported = reported(rejection)
        var answer = documented(reported, endpoint) ?? server(reported, endpoint)
        answer.description = reported.detail
        if answer.status == 401 {
            let isAboutToken = answer.error == "invalid_token"
            answer.challenge =
                isAboutToken ? "Bearer realm=\"ZITADEL\"" : usesHeaderOrNothing ? "Basic realm=\"ZITADEL\"" : nil
        }
        return answer
    }

    /// A warning when only the older version that is followed answers so, saying what the newest answers.
    func warnings(
        _ answer: Answer, to rejection: Rejection, at endpoint: Endpoint, usesHeaderOrNothing: Bool
    ) -> [Warning] {
        let newest = ServerVersion.of2026July
        let other = ErrorRenderer(dialect: dialect, behavior: .of(newest), tellsCause: tellsCause)
            .answer(to: rejection, at: endpoint, usesHeaderOrNothing: usesHeaderOrNothing)
        guard other != answer else { return [] }
        let newer = [other.error, other.description.map { "\"\($0)\"" }].compactMap(\.self).joined(separator: " ")
        return [
            Warning(
                .oldServerVersion,
                "only older servers answer so; \(newest.rawValue) answers \(other.status) \(newer)"
            )
        ]
    }

    /// The rejection that the answer is about: ZITADEL's documentation reports a rejected client before a missing token, the server does not.
    func reported(_ rejection: Rejection) -> Rejection {
        dialect == .documented ? rejection.deferredClientError.first ?? rejection : rejection
    }

    /// The body; ends with a line feed, as all of ZITADEL's JSON does.
    func body(_ answer: Answer, _ rejection: Rejection) -> [UInt8] {
        guard let error = answer.error else { return Array("{\"active\":false}\n".utf8) }
        var object: JSONObject = ["error": .string(error)]
        object.append("error_description", ifNotEmpty: answer.description)
        if tellsCause { object.append("parent", ifNotEmpty: reported(rejection).cause) }
        return JSON.object(object).bytes() + [10]
    }

    // MARK: What the guides and the RFCs promise, where that is not what the server does

    private func documented(_ rejection: Rejection, _ endpoint: Endpoint) -> Answer? {
        if rejection.isOfGrantAssertion { return Answer(status: 400, error: "invalid_grant") }
        switch rejection.reason {
        case .basicUndecodable, .credentialsMissing, .clientUnauthenticated, .clientUnknown, .clientInactive,
            .secretMissing, .noSecret, .badSecret,
            .clientAssertionMissing, .assertionUnparsable, .userUnknown, .userHasNoSecret, .userBadSecret:
            return Answer(status: 401, error: "invalid_client")
        case let reason where reason.rejectsAssertion: return Answer(status: 401, error: "invalid_client")
        case .userNotActive, .codeInvalid, .codeUnknown, .codeUsed, .codeExpired, .codeOfOtherClient, .verifierMissing,
            .verifierWrong, .redirectURIDiffers, .refreshTokenInvalid, .refreshTokenRotated, .refreshTokenRevoked,
            .refreshTokenExpired, .refreshTokenOfOtherClient, .deviceCodeUnknown, .deviceCodeUsed:
            return Answer(status: 400, error: "invalid_grant")
        case .organizationUnknown: return Answer(status: 400, error: "invalid_request")
        case .organizationAmbiguous: return Answer(status: 400, error: "invalid_scope")
        case .deviceFlowOfServiceUser: return Answer(status: 400, error: "unauthorized_client")
        case .redirectURIMissing: return Answer(status: 400, error: "invalid_request")
        case .verifierUnexpected: return Answer(status: 400, error: "invalid_grant")
        case .subjectUserInactive: return Answer(status: 400, error: "invalid_request")
        case .textWithNUL: return Answer(status: 400, error: "invalid_request")
        case .requestObjectUnreadable, .requestObjectUnsupported, .requestObject:
            return Answer(status: 400, error: "invalid_request_object")
        case .sessionTerminated:
            if case .token = endpoint { return Answer(status: 400, error: "invalid_grant") }
            return Answer(status: 401, error: "invalid_token")
        case .notIssuedForClient: return Answer(status: 400, error: "unauthorized_client")
        case .accessTokenMissing: return Answer(status: 401, error: "invalid_token")
        default:
            if case .userInfo = endpoint, rejection.isAboutToken { return Answer(status: 401, error: "invalid_token") }
            return nil
        }
    }
}

extension Rejection {
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
