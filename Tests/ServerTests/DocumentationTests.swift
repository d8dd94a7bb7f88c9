import Encodings
import Provider
import TestSupport
import Testing

/// `docs/reasons-and-warnings.md` lists what the code can say, and nothing else. `docs/fidelity.md` counts what is known to differ.
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

    @Test("docs/fidelity.md counts the known differences as docs/known-differences.json lists them")
    func knownDifferences() throws {
        let list = try JSONParser.parse((readText(packageRoot + "/docs/known-differences.json") ?? "").utf8)
        let counts = (list.array ?? []).map { $0.object?["sequences"]?.array?.count ?? 0 }
        let page = readText(packageRoot + "/docs/fidelity.md") ?? ""
        let start = page.firstRange(of: "\n## Known differences\n").map { page[$0.upperBound...] } ?? ""
        let section = start.prefix(upTo: start.firstRange(of: "\nNot in the sequences")?.lowerBound ?? start.endIndex)
        #expect(section.matches(of: /\n\| .+ \| (\d+) \|/).compactMap { Int($0.1) } == counts)
        let numbers = section.firstMatch(of: /(\d),(\d{3}) random sequences[^:]*:\s*(\d),(\d{3}) are equal/)?.output
        let all = numbers.flatMap { Int($0.1 + $0.2) }
        let equal = numbers.flatMap { Int($0.3 + $0.4) }
        #expect(all != nil && all.map { $0 - counts.reduce(0, +) } == equal)
    }
}
