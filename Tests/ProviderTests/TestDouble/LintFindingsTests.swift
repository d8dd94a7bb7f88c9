@testable import Provider
import Testing

/// The bounds of what lint keeps.
@Suite struct LintFindingsTests {
    private static func record(_ findings: LintFindings, client: String) {
        findings.record([Warning(.noPKCE, "x")], client: client, at: Timestamp(seconds: 1))
    }

    @Test("10,000 findings are kept; further ones are not, and known ones still count") func count() {
        let findings = LintFindings(budget: ByteBudget(limit: 1 << 30))
        for number in 0...10_000 { Self.record(findings, client: "c\(number)") }
        Self.record(findings, client: "c0")
        let all = findings.all
        #expect(all.count == 10_000)
        #expect(all.first { $0.client == "c0" }?.count == 2)
        #expect(!all.contains { $0.client == "c10000" })
    }

    @Test("findings that would take more bytes than are left are not kept, and removed ones give theirs back")
    func bytes() {
        let findings = LintFindings(budget: ByteBudget(limit: 1000))
        for number in 0..<10 { Self.record(findings, client: "c\(number)") }
        #expect(findings.all.count == 4)
        findings.clear()
        Self.record(findings, client: "later")
        #expect(findings.all.map(\.client) == ["later"])
    }
}
