import Encodings
import Model
@testable import Storage
import Testing

/// The bounds of the cache of tokens.
@Suite struct TokenCacheTests {
    private static func token(_ number: Int, claims: JSONObject = [:]) -> TokenRecord {
        var token = TokenRecord(
            id: "\(number)", digest: digest(number), userID: "1", clientID: "c", scopes: ["openid"], audience: [],
            amr: [], authTime: 0, creation: 0, expiration: 1)
        token.extraClaims = claims
        return token
    }

    private static func digest(_ number: Int) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    /// Looks a token up that is in no cache yet.
    private static func fill(_ cache: TokenCache, _ token: TokenRecord) throws {
        _ = try cache.record(token.digest) { () throws(StorageError) in token }
    }

    @Test("a token is read once") func cached() throws {
        let cache = TokenCache()
        try Self.fill(cache, Self.token(1))
        let again = try cache.record(Self.digest(1)) { () throws(StorageError) in
            Issue.record("it is in the cache")
            return nil
        }
        #expect(again == Self.token(1))
    }

    @Test("with one token more than the cache may hold, it begins anew") func count() throws {
        let cache = TokenCache()
        for number in 0..<TokenCache.countLimit { try Self.fill(cache, Self.token(number)) }
        #expect(cache.size.count == TokenCache.countLimit)
        try Self.fill(cache, Self.token(TokenCache.countLimit))
        #expect(cache.size.count == 1)
    }

    @Test("tokens with large claims never take more bytes than the cache may") func bytes() throws {
        let cache = TokenCache()
        let claims: JSONObject = ["x": .string(String(repeating: "x", count: 100_000))]
        var largest = 0
        for number in 0..<100 {
            try Self.fill(cache, Self.token(number, claims: claims))
            largest = max(largest, cache.size.bytes)
        }
        #expect(largest <= TokenCache.byteLimit && largest > TokenCache.byteLimit / 2)
        #expect(cache.size.count < 100)
    }

    @Test("a token that alone would take a large part of the cache is not kept") func large() throws {
        let cache = TokenCache()
        try Self.fill(cache, Self.token(1, claims: ["x": .string(String(repeating: "x", count: 1 << 20))]))
        #expect(cache.size == (0, 0))
    }
}
