import Encodings
import Testing

@Suite struct SimilarityTests {
    @Test(
        "the candidate that was probably meant is found",
        arguments: [
            ("shop-wbe", "shop-web"), ("Shop-Web", "shop-web"), ("hsop-web", "shop-web"), ("shop-we", "shop-web"),
            ("xshop-web1", "shop-web"), ("billing", "billing"), ("blling", "billing"), ("süß-appx", "süß-app"),
            ("SÜSS", nil), ("", nil), ("web", nil), ("entirely different", nil),
        ] as [(String, String?)])
    func nearest(text: String, expected: String?) {
        #expect(Similarity.nearest(to: text, in: ["shop-web", "billing", "süß-app", "ab"]) == expected)
    }

    @Test("the nearest candidate is found, and of equally near ones the first")
    func order() {
        #expect(Similarity.nearest(to: "service1", in: ["service234", "service2", "service3"]) == "service2")
    }

    /// The same by the textbook's whole table.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var table = [[Int]](repeating: Array(0...right.count), count: left.count + 1)
        for i in 0...left.count {
            for j in 0...right.count {
                if i == 0 || j == 0 {
                    table[i][j] = i + j
                    continue
                }
                let swap =
                    i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]
                    ? table[i - 2][j - 2] + 1 : .max
                table[i][j] = min(
                    table[i - 1][j] + 1, table[i][j - 1] + 1,
                    table[i - 1][j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1),
                    swap)
            }
        }
        return table[left.count][right.count]
    }

    @Test("a candidate is found exactly when few edits lead to it")
    func table() {
        var found = 0
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<3000 {
            let candidate = (0..<Int.random(in: 0...14, using: &generator)).map { _ in UInt8.random(in: 97...99) }
            var text = candidate
            for _ in 0..<Int.random(in: 0...5) {
                let index = Int.random(in: 0...text.count)
                switch Int.random(in: 0...3) {
                case 0: text.insert(.random(in: 97...99), at: index)
                case 1 where index < text.count: text.remove(at: index)
                case 2 where index < text.count: text[index] = .random(in: 97...99)
                case 3 where index + 1 < text.count: text.swapAt(index, index + 1)
                default: break
                }
            }
            let (left, right) = (String(decoding: text, as: UTF8.self), String(decoding: candidate, as: UTF8.self))
            let isNear = Self.distance(text, candidate) <= min(3, candidate.count / 3)
            found += isNear ? 1 : 0
            #expect((Similarity.nearest(to: left, in: [right]) != nil) == isNear, "\(left) and \(right)")
        }
        #expect(found > 300)
    }
}
