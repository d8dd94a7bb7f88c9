@testable import Provider
import Testing

@Suite struct IntrospectionCacheTests {
    private func key(_ number: Int, issuerSize: Int) -> IntrospectionCache.Key {
        .init(tokenID: "t", clientID: "c", issuer: "\(number)" + String(repeating: "x", count: issuerSize))
    }

    @Test("issuers that callers make up do not grow the cache beyond its limit", arguments: [10, 50_000])
    func byteLimit(issuerSize: Int) throws {
        let cache = IntrospectionCache()
        for number in 0..<12_000 {
            let response = try cache.response(key(number, issuerSize: issuerSize)) { () throws(Rejection) in [1, 2, 3] }
            #expect(response == [1, 2, 3])
            #expect(cache.byteCount <= IntrospectionCache.byteLimit)
        }
    }

    @Test("a response is computed once, a rejection each time, and a huge response is not kept")
    func caching() throws {
        let cache = IntrospectionCache()
        var computed = 0
        for size in [1, 2 << 20] {
            computed = 0
            for _ in 0..<3 {
                _ = try cache.response(key(size, issuerSize: 0)) { () throws(Rejection) in
                    computed += 1
                    return [UInt8](repeating: 0, count: size)
                }
            }
            #expect(computed == (size == 1 ? 1 : 3))
        }
        for _ in 0..<2 {
            #expect(throws: Rejection.self) {
                try cache.response(key(9, issuerSize: 0)) { () throws(Rejection) in throw Rejection(.tokenExpired, "") }
            }
        }
    }
}
