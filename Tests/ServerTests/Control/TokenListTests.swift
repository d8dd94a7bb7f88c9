import Encodings
import HTTP
import Model
import Storage
import TestSupport
import Testing

/// `GET /mock/v1/tokens`, page by page.
@Suite struct TokenListTests {
    private let server: TestServer
    private let call: ControlCaller

    init() throws {
        server = try TestServer()
        call = ControlCaller(server: server)
    }

    private func insert(_ count: Int) throws {
        for number in 0..<count {
            // Some are of the same second.
            let token = TokenRecord(
                id: "V2_\(1_000_000 + number)-at_1", digest: Array("\(number)".utf8), userID: "270000000000000501",
                clientID: "svc", scopes: [], audience: [], amr: [], authTime: 0, creation: Int64(number / 3),
                expiration: 4_000_000_000)
            try server.storage.insert(token)
        }
    }

    /// The ids of all pages.
    private func ids(_ query: String) throws -> [String] {
        var ids: [String] = []
        var next = ""
        repeat {
            let page = try call("GET", "/tokens?\(query)\(next)")
            ids += page.items.map(\.id)
            next = page["next"]?.string.map { "&after=\($0)" } ?? ""
        } while !next.isEmpty
        return ids
    }

    @Test("the pages of a list hold all tokens once, the newest first, also more than 10,000") func all() throws {
        try insert(10_050)
        let listed = try ids("user=svc&limit=1000")
        let expected = (0..<10_050).reversed().map { "V2_\(1_000_000 + $0)-at_1" }
        #expect(listed.prefix(10_050).elementsEqual(expected))
        #expect(Set(listed).count == listed.count)
    }

    @Test("small pages go from access tokens to refresh tokens to personal access tokens, as one large page does")
    func kinds() throws {
        try insert(5)
        for _ in 0..<3 {
            try call(
                "POST", "/tokens", ["user": "alice", "app": "270000000000000303", "type": "refresh"], expect: 201)
        }
        let whole = try call("GET", "/tokens?limit=1000")
        #expect(whole["next"] == nil)
        let types = whole.items.compactMap { $0["type"]?.string }
        #expect(types == types.sorted { Self.order($0) < Self.order($1) })
        #expect(Set(types) == ["access", "refresh", "pat"])
        for limit in 1...4 { #expect(try ids("limit=\(limit)") == whole.items.map(\.id)) }
        try call("GET", "/tokens?after=zz", expect: 400)
    }

    private static func order(_ type: String) -> Int { ["access", "refresh", "pat"].firstIndex(of: type) ?? 9 }
}
