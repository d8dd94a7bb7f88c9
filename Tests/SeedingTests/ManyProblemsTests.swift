import ResourceFormat
import Testing

/// Seeds with more problems than anybody reads.
@Suite struct ManyProblemsTests {
    /// Problems of a seed with unknown members and an organization whose domain another one has.
    private static func problems(unknown: Int) -> [String] {
        let members = (0..<unknown).map { "\"m\($0)\": 1, " }.joined()
        return SeedReading.problems(
            text: "{\(members)\"organizations\": [{\"name\": \"A\"}, {\"name\": \"A\"}]}")
    }

    @Test("references are checked as long as all other problems are shown") func few() {
        let limit = Diagnostics.limit
        #expect(Self.problems(unknown: 0).count == 1)
        #expect(Self.problems(unknown: limit - 1).count == limit)
        #expect(Self.problems(unknown: limit - 1).last?.contains("already the name of an organization") == true)
        #expect(Self.problems(unknown: limit).count == limit + 1)
        #expect(Self.problems(unknown: limit).last?.hasSuffix("and 1 more problem") == true)
    }

    @Test("the references of a seed with more problems than are shown are not checked") func many() {
        let problems = Self.problems(unknown: Diagnostics.limit + 50)
        #expect(problems.count == Diagnostics.limit + 1)
        #expect(problems.last?.hasSuffix("and at least 50 more problems") == true)
    }
}
