import Provider
import TestSupport
import Testing

/// `docs/reasons-and-warnings.md` lists what the code can say, and nothing else.
@Suite struct DocumentationTests {
    /// The codes in the first column of the tables of a section.
    private static func documented(section: String) -> [String] {
        let page = readText(packageRoot + "/docs/reasons-and-warnings.md") ?? ""
        let start = page.firstRange(of: "\n## \(section)\n").map { page[$0.upperBound...] } ?? ""
        let text = start.prefix(upTo: start.firstRange(of: "\n## ")?.lowerBound ?? start.endIndex)
        return text.matches(of: /\n\| `([^`]+)` \|/).map { String($0.1) }
    }

    @Test("every reason has one row in docs/reasons-and-warnings.md, and every row is a reason") func reasons() {
        #expect(Self.documented(section: "Reasons").sorted() == Reason.allCases.map(\.rawValue).sorted())
    }

    @Test("every warning has one row in docs/reasons-and-warnings.md, and every row is a warning") func warnings() {
        #expect(Self.documented(section: "Warnings").sorted() == Warning.Code.allCases.map(\.rawValue).sorted())
    }
}
