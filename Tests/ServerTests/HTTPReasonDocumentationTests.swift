import HTTP
import TestSupport
import Testing

@Suite struct HTTPReasonDocumentationTests {
    @Test("every reason of the HTTP layer is documented with its status") func documented() throws {
        let text = try #require(readText(packageRoot + "/docs/http.md"))
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { row in
            row.split(separator: "|").prefix(2).map { $0.filter { $0 != " " && $0 != "`" } }.joined(separator: " ")
        }
        #expect(rows == HTTPRejection.Code.allCases.map { "\($0.rawValue) \($0.status)" })
    }
}
