import Encodings
import HTTP
import Model
import OAuth
import Provider
@testable import Server
import Testing

/// Every reason at every endpoint, rendered.
@Suite struct ErrorRendererTests {
    private static func renderers() -> [ErrorRenderer] {
        ServerVersion.allCases.flatMap { version in
            Dialect.allCases.map { ErrorRenderer(dialect: $0, behavior: .of(version), includesCause: false) }
        }
    }

    /// What is wrong with a token: userinfo refuses the request for it, introspection answers that the token is inactive.
    private static let ofTokens: [Reason] = [
        .tokenMalformed, .tokenUnknown, .tokenSignature, .tokenIssuer, .tokenExpired, .tokenRevoked, .tokenSuperseded,
        .userInactive, .patExpired, .notAnAccessToken,
    ]
    /// Reasons of answers that are no error response of an endpoint: an inactive token, a page, a path or host that is not known.
    private static let neverRendered: [Reason] = [
        .audienceEmpty, .audienceMismatch, .hostUnknown, .instanceUnknown, .pathUnknown, .pathUnclean,
        .methodNotAllowed,
        .authRequestUnknown,
        .loginRequired, .signInDenied, .passwordWrong, .passwordMissing, .userNotHuman, .userOfOtherOrganization,
        .grantRequired, .projectRequired, .formForged,
    ]
    private static let refusals = Reason.allCases.filter { !ofTokens.contains($0) && !neverRendered.contains($0) }
    /// What the real server fails on, and answers as an error of its own at every endpoint. To its documentation they are errors of the caller.
    private static let failures: Set<Reason> = [
        .redirectURIMissing, .requestObjectUnreadable, .requestObjectUnsupported, .textWithNUL,
    ]
    /// What the real server fails on at the device authorization endpoint alone.
    private static let failuresOfDeviceAuthorization: Set<Reason> = [
        .deviceFlowOfServiceUser, .organizationUnknown, .organizationAmbiguous,
    ]

    private static func isFailure(_ reason: Reason, _ endpoint: Endpoint, _ dialect: Dialect) -> Bool {
        if reason == .serverFailure { return true }
        guard dialect == .server else { return false }
        // Introspection says that a token with NUL is inactive.
        if reason == .textWithNUL { return endpoint != .introspection }
        return failures.contains(reason)
            || endpoint == .deviceAuthorization && failuresOfDeviceAuthorization.contains(reason)
    }

    @Test("only a failure of the server has status 500", arguments: refusals) func refusal(reason: Reason) throws {
        for renderer in Self.renderers() {
            for endpoint in Endpoint.allCases {
                let rejection = Rejection(reason, "a sentence", value: "x")
                let answer = renderer.answer(to: rejection, at: endpoint, usesHeaderOrNothing: true)
                let isFailure = Self.isFailure(reason, endpoint, renderer.dialect)
                let expected = isFailure ? [500] : [200, 400, 401, 403, 404]
                #expect(expected.contains(answer.status), "\(reason) \(endpoint) \(renderer.dialect)")
                #expect((answer.challenge != nil) == (answer.status == 401 && renderer.dialect == .documented))
                if renderer.dialect == .documented { #expect(answer.description == "a sentence") }
                let body = renderer.body(answer, rejection)
                #expect(body.last == 10)
                #expect(try JSONParser.parse(body).object != nil)
            }
        }
    }

    @Test(
        "a reason about a token is 401 at userinfo, and has no error response at other endpoints",
        arguments: ofTokens)
    func ofToken(reason: Reason) {
        for renderer in Self.renderers() {
            for endpoint in Endpoint.allCases {
                let answer = renderer.answer(to: Rejection(reason, "s"), at: endpoint, usesHeaderOrNothing: true)
                guard endpoint == .userInfo else {
                    #expect(answer.status == 500 && answer.error == .serverError, "\(reason) \(endpoint)")
                    continue
                }
                let isDocumented = renderer.dialect == .documented
                #expect(answer.status == 401)
                #expect(answer.error == (isDocumented ? .invalidToken : .accessDenied))
                #expect(answer.challenge == (isDocumented ? "Bearer realm=\"ZITADEL\"" : nil))
            }
        }
    }

    @Test(
        "a reason without an error response is a failure of the server at every endpoint",
        arguments: neverRendered)
    func notRendered(reason: Reason) {
        for renderer in Self.renderers() {
            for endpoint in Endpoint.allCases {
                let answer = renderer.answer(to: Rejection(reason, "s"), at: endpoint, usesHeaderOrNothing: true)
                #expect(answer.status == 500 && answer.error == .serverError, "\(reason) \(endpoint)")
            }
        }
    }

    @Test(
        "the member parent has the cause of the reported rejection",
        arguments: [(Dialect.documented, "of the client"), (.server, "of the token")])
    func parent(dialect: Dialect, cause: String) throws {
        let client = Rejection(.badSecret, "s", cause: .failure("of the client"))
        let rejection = Rejection(
            .tokenMissing, "s", value: "token", cause: .failure("of the token"), deferredClientError: client)
        let renderer = ErrorRenderer(dialect: dialect, behavior: .of(.of2026July), includesCause: true)
        let answer = renderer.answer(to: rejection, at: .introspection, usesHeaderOrNothing: true)
        #expect(try JSONParser.parse(renderer.body(answer, rejection)).object?["parent"] == .string(cause))
    }

    @Test("reason codes are unique words of lower-case letters and underscores") func codes() {
        let codes = Reason.allCases.map(\.rawValue)
        #expect(Set(codes).count == codes.count)
        for code in codes { #expect(code.utf8.allSatisfy { ($0 >= 97 && $0 <= 122) || $0 == 95 }) }
    }
}
