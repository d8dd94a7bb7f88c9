import Encodings
import HTTP
import Model
import OAuth
import Provider
@testable import Server
import Testing

/// Every reason at every endpoint, rendered.
@Suite struct ErrorRendererTests {
    private static let endpoints: [Endpoint] = [.introspection, .revocation, .token, .userInfo, .endSession, .other]

    /// Reasons that say why a token is inactive, or that never reach the renderer.
    private static let notRefusals: Set<Reason> = [
        .tokenMalformed, .tokenUnknown, .tokenSignature, .tokenIssuer, .tokenExpired, .tokenRevoked, .userInactive,
        .audienceEmpty, .audienceMismatch,
        .patExpired, .notAnAccessToken, .tokenSuperseded, .hostUnknown, .pathUnknown, .pathUnclean,
        .authRequestUnknown, .loginRequired, .signInDenied, .passwordWrong, .passwordMissing, .userNotHuman,
        .userOfOtherOrganization, .grantRequired, .projectRequired, .formForged,
    ]

    @Test("only a failure of the server is a 500", arguments: Reason.allCases) func neverServerError(
        reason: Reason
    ) throws {
        for version in ServerVersion.allCases {
            for dialect in Dialect.allCases {
                let renderer = ErrorRenderer(dialect: dialect, behavior: .of(version), tellsCause: false)
                for endpoint in Self.endpoints where !Self.notRefusals.contains(reason) {
                    let rejection = Rejection(reason, "a sentence", value: "x")
                    let answer = renderer.answer(to: rejection, at: endpoint, usesHeaderOrNothing: true)
                    // What the real server fails on is an error of the caller to the documents.
                    let isPassedOn = [
                        .redirectURIMissing, .requestObjectUnreadable, .requestObjectUnsupported, .textWithNUL,
                    ].contains(reason)
                    if reason == .textWithNUL, dialect == .server {
                        #expect(answer.status == (endpoint == .introspection ? 200 : 500))
                    } else if reason == .serverFailure || isPassedOn && dialect == .server {
                        #expect(answer.status == 500)
                        #expect(answer.error == .serverError)
                    } else {
                        #expect(
                            [200, 400, 401, 403, 404].contains(answer.status),
                            "\(reason) \(endpoint) \(dialect) \(version)")
                    }
                    #expect((answer.challenge != nil) == (answer.status == 401 && dialect == .documented))
                    if dialect == .documented { #expect(answer.description == "a sentence") }
                    let body = renderer.body(answer, rejection)
                    #expect(body.last == 10)
                    #expect(try JSONParser.parse(body).object != nil)
                }
            }
        }
    }

    @Test(
        "at userinfo, whatever is wrong with the token is a 401",
        arguments: [
            Reason.tokenMalformed, .tokenUnknown, .tokenSignature, .tokenIssuer, .tokenExpired, .tokenRevoked,
            .userInactive, .patExpired, .notAnAccessToken,
        ])
    func userInfo(reason: Reason) {
        for dialect in Dialect.allCases {
            let renderer = ErrorRenderer(dialect: dialect, behavior: .of(.of2026July), tellsCause: false)
            let answer = renderer.answer(to: Rejection(reason, "s"), at: .userInfo, usesHeaderOrNothing: true)
            #expect(answer.status == 401)
            #expect(answer.error == (dialect == .documented ? .invalidToken : .accessDenied))
        }
    }

    @Test(
        "the cause in the member parent is that of the rejection that is reported",
        arguments: [(Dialect.documented, "of the client"), (.server, "of the token")])
    func parent(dialect: Dialect, cause: String) throws {
        let client = Rejection(.badSecret, "s", cause: "of the client")
        let rejection = Rejection(
            .tokenMissing, "s", value: "token", cause: "of the token", deferredClientError: client)
        let renderer = ErrorRenderer(dialect: dialect, behavior: .of(.of2026July), tellsCause: true)
        let answer = renderer.answer(to: rejection, at: .introspection, usesHeaderOrNothing: true)
        #expect(try JSONParser.parse(renderer.body(answer, rejection)).object?["parent"] == .string(cause))
    }

    @Test("reason codes are unique words of a header") func codes() {
        let codes = Reason.allCases.map(\.rawValue)
        #expect(Set(codes).count == codes.count)
        for code in codes { #expect(code.utf8.allSatisfy { ($0 >= 97 && $0 <= 122) || $0 == 95 }) }
    }
}
