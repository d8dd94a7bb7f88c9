import Encodings
import HTTP
import TestSupport
import Testing

/// What a numbered case of introspection expects.
enum IntrospectionOutcome: Sendable {
    case active
    /// 200 and exactly `{"active":false}`
    case inactive
    /// 400 and exactly `{"error":"unauthorized_client"}`
    case unauthorized
    /// 400 with these members
    case refused(String, String)

    func check(_ answer: HTTPResponse) {
        switch self {
        case .active:
            #expect(answer.status == 200)
            #expect(answer.json["active"] == .bool(true), "\(answer.text) \(answer.header("Mock-Reason") ?? "")")
        case .inactive:
            #expect(answer.status == 200)
            #expect(answer.text == "{\"active\":false}\n")
        case .unauthorized:
            #expect(answer.status == 400)
            #expect(answer.text == "{\"error\":\"unauthorized_client\"}\n")
            #expect(answer.header("WWW-Authenticate") == nil)
        case .refused(let error, let description):
            #expect(answer.status == 400)
            #expect(answer.text == "{\"error\":\"\(error)\",\"error_description\":\"\(description)\"}\n")
        }
    }
}
