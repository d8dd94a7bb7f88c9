import Encodings
import HTTP
import Testing

/// The comparison of responses finds every kind of difference.
@Suite struct ComparatorTests {
    private static let body = "{\"active\":true,\"aud\":[\"1\"],\"sub\":\"a \\u0026 b\"}\n"
    private static let headers: [(name: String, value: String)] = [
        ("Content-Type", "application/json"), ("Cache-Control", "no-store"),
    ]

    private static func normal(
        _ body: String, status: Int = 200, headers: [(name: String, value: String)] = headers
    ) throws -> JSONObject {
        var normalizer = Normalizer(try Fixture(), host: "localhost:1", jwks: nil, now: 0)
        return normalizer.answer(
            Answer(response: HTTPResponse(status: status, headers: headers, body: Array(body.utf8))))
    }

    @Test("a response has no difference from itself") func same() throws {
        #expect(Comparator.differences(try Self.normal(Self.body), try Self.normal(Self.body)).isEmpty)
    }

    @Test("every kind of change is a difference") func changes() throws {
        let before = try Self.normal(Self.body)
        let changed: [(what: String, answer: JSONObject)] = [
            ("status", try Self.normal(Self.body, status: 201)),
            ("header Cache-Control", try Self.normal(Self.body, headers: [Self.headers[0]])),
            (
                "header WWW-Authenticate",
                try Self.normal(Self.body, headers: Self.headers + [("WWW-Authenticate", "Basic")])
            ),
            ("/active", try Self.normal("{\"active\":false,\"aud\":[\"1\"],\"sub\":\"a \\u0026 b\"}\n")),
            ("/aud/0", try Self.normal("{\"active\":true,\"aud\":[\"2\"],\"sub\":\"a \\u0026 b\"}\n")),
            ("/aud", try Self.normal("{\"active\":true,\"aud\":\"1\",\"sub\":\"a \\u0026 b\"}\n")),
            ("/aud", try Self.normal("{\"active\":true,\"sub\":\"a \\u0026 b\"}\n")),
            ("/exp", try Self.normal("{\"active\":true,\"aud\":[\"1\"],\"sub\":\"a \\u0026 b\",\"exp\":5}\n")),
            ("order of members at /", try Self.normal("{\"aud\":[\"1\"],\"active\":true,\"sub\":\"a \\u0026 b\"}\n")),
            ("spelling", try Self.normal("{\"active\":true,\"aud\":[\"1\"],\"sub\":\"a & b\"}\n")),
            ("spelling", try Self.normal("{\"active\":true, \"aud\":[\"1\"],\"sub\":\"a \\u0026 b\"}\n")),
            ("spelling", try Self.normal("{\"active\":true,\"aud\":[\"1\"],\"sub\":\"a \\u0026 b\"}")),
            ("body", try Self.normal("")),
        ]
        for (what, answer) in changed { #expect(Comparator.differences(before, answer).map(\.what) == [what]) }
    }

    @Test(
        "a refusal in dialect documented must be allowed, described, without secrets, and have the right challenge"
    ) func documented() {
        func found(
            _ status: Int, _ body: String, _ headers: [(name: String, value: String)], _ request: JSONObject
        ) -> [String] {
            let all = Self.headers + headers
            let answer = Answer(response: HTTPResponse(status: status, headers: all, body: Array(body.utf8)))
            let allowed = JSON.array([.integer(401), .string("invalid_client")])
            return DocumentedMatcher.differences([allowed], answer, request, secrets: ["hush-hush"]).map(\.what)
        }
        let good = "{\"error\":\"invalid_client\",\"error_description\":\"because\"}\n"
        let basic: [(name: String, value: String)] = [("WWW-Authenticate", "Basic realm=\"ZITADEL\"")]
        let byForm: JSONObject = ["form": .array([.strings(["client_id", "x"])])]
        #expect(found(401, good, basic, [:]).isEmpty)
        #expect(found(401, good, [], byForm).isEmpty)
        #expect(found(400, good, basic, [:]) == ["outcome"])
        #expect(found(401, good, [], [:]) == ["header WWW-Authenticate"])
        #expect(found(401, good, basic, byForm) == ["header WWW-Authenticate"])
        #expect(found(401, "{\"error\":\"invalid_client\"}\n", basic, [:]) == ["error_description"])
        #expect(
            found(401, "{\"error\":\"invalid_client\",\"error_description\":\"not hush-hush\"}\n", basic, [:]) == [
                "error_description"
            ])
    }

    @Test("ids are masked where they stand alone") func masking() {
        #expect(Normalizer.maskingIDs("V2_270000000000000901-at_270000000000000902") == "{{V2-at}}")
        #expect(Normalizer.maskingIDs("x 270000000000000901, V2_270000000000000901") == "x {{id}}, {{V2}}")
        #expect(Normalizer.maskingIDs("1795255200 a270000000000000901") == "1795255200 a270000000000000901")
    }
}
