import Model
import Storage
import TestSupport
import Testing

/// What the database keeps of sign-ins: used once, cleaned up in time.
@Suite struct SignInStoreTests {
    private let person = Authentication(userID: "7", sessionID: "8", amr: ["pwd"], time: 1000)

    /// A database in memory with one person.
    static func storage() throws -> Storage {
        var seed = Resources()
        seed.organizations = [
            Organization(
                id: "1", name: "A", primaryDomain: "a", domains: [], state: .active, userLoginMustBeDomain: true)
        ]
        seed.users = [
            User(
                id: "7", organizationID: "1", userName: "u", state: .active, kind: .human(HumanProfile()), secret: nil,
                changeDate: 0)
        ]
        let storage = try Storage(path: Storage.inMemory)
        _ = try storage.apply(seed: seed, datedUsers: [], generatedTokens: [])
        return storage
    }

    private func request(_ id: String, creation: Int64 = 1000) -> AuthRequest {
        var request = AuthRequest()
        request.id = id
        request.clientID = "c"
        request.creation = creation
        return request
    }

    private func token(_ id: UInt8) -> TokenRecord {
        var token = TokenRecord(
            id: "t\(id)", digest: [id], userID: "7", clientID: "c", scopes: [], audience: [], amr: [], authTime: 1,
            creation: 1, expiration: 2)
        token.sessionID = "8"
        return token
    }

    @Test("a code is redeemed once, and not after its session has ended") func code() throws {
        let storage = try Self.storage()
        try storage.save(LoginSession(authentication: person, browser: [1]))
        for (id, code) in [("a", UInt8(1)), ("b", 2)] {
            try storage.insert(request(id))
            #expect(try storage.complete(authRequest: id, person, code: ([code], 2000)))
            #expect(try !storage.complete(authRequest: id, person, code: ([9], 2000)), "answered once")
        }
        #expect(try storage.issue(token(1), nil, redeeming: .code([1])))
        #expect(try !storage.issue(token(2), nil, redeeming: .code([1])))
        #expect(try storage.token(digest: [2]) == nil, "nothing is kept of the second try")
        #expect(try storage.endSession(id: "8") == ["c"])
        #expect(try !storage.issue(token(3), nil, redeeming: .code([2])))
        #expect(try storage.token(digest: [1])?.endReason == .sessionTerminated)
    }

    @Test("the oldest unanswered requests are dropped when callers have stored too much, and answered ones stay")
    func pendingRequests() throws {
        let storage = try Self.storage()
        try storage.save(LoginSession(authentication: person, browser: [1]))
        for index in 0..<40 {
            var request = request("r\(index)")
            request.state = String(repeating: "s", count: 1 << 20)
            try storage.insert(request)
            if index == 0 { #expect(try storage.complete(authRequest: "r0", person, code: ([1], 2000))) }
        }
        let pending = try (0..<40).filter { try storage.pendingAuthRequest(id: "r\($0)") != nil }
        #expect(pending == Array(25..<40))
        #expect(try storage.issuedCode(digest: [1]) != nil)
    }

    @Test("the oldest codes are dropped when callers have stored too much with them") func codes() throws {
        let storage = try Self.storage()
        try storage.save(LoginSession(authentication: person, browser: [1]))
        for index in 0..<UInt8(40) {
            var request = request("r\(index)")
            request.nonce = String(repeating: "n", count: 1 << 20)
            try storage.insert(request)
            #expect(try storage.complete(authRequest: "r\(index)", person, code: ([index], 2000)))
        }
        #expect(try (0..<UInt8(40)).filter { try storage.issuedCode(digest: [$0]) != nil } == Array(25..<40))
    }

    @Test("the oldest pending devices are dropped when callers have stored too much, and approved ones stay")
    func pendingDevices() throws {
        let storage = try Self.storage()
        try storage.save(LoginSession(authentication: person, browser: [1]))
        for index in 0..<UInt8(40) {
            let device = DeviceAuthorization(
                digest: [index], userCode: "\(index)", clientID: "c", scopes: [String(repeating: "s", count: 1 << 20)],
                expiration: 2000)
            #expect(try storage.insert(device))
            if index == 0 { #expect(try storage.decide(device: "0", person)) }
        }
        #expect(try storage.devices().map(\.digest.first).compactMap { $0 }.sorted() == [0] + Array(25..<40))
    }

    @Test("expired sign-ins are removed, and those that can still be used stay") func cleaning() throws {
        let storage = try Self.storage()
        try storage.save(LoginSession(authentication: person, browser: [1]))
        try storage.insert(request("old"))
        try storage.insert(request("young", creation: 5000))
        try storage.insert(request("coded"))
        #expect(try storage.complete(authRequest: "coded", person, code: ([1], 5000)))
        try storage.removeExpiredSignIns(before: 5000, sessionsBefore: 1000)
        #expect(try storage.pendingAuthRequest(id: "old") == nil)
        #expect(try storage.pendingAuthRequest(id: "young") != nil)
        #expect(try storage.issuedCode(digest: [1]) != nil)
        #expect(try storage.session(id: "8") != nil)
        try storage.removeExpiredSignIns(before: 5001, sessionsBefore: 1001)
        #expect(try storage.issuedCode(digest: [1]) == nil)
        #expect(try storage.session(id: "8") == nil)
    }

    // MARK: Two at a time: who is second changes nothing

    @Test("the second of two responses to one authorization request notes no client of the session")
    func lostAnswer() throws {
        let storage = try Self.storage()
        try storage.save(LoginSession(authentication: person, browser: [1]))
        try storage.insert(request("a"))
        #expect(try storage.complete(authRequest: "a", person, client: "c1"))
        #expect(try !storage.complete(authRequest: "a", person, client: "c2"))
        #expect(try storage.endSession(id: "8") == ["c1"])
    }

    /// A refresh token that was used already, as a request saw it before, with an access token that nobody ended.
    private func usedRefreshToken(_ storage: Storage) throws -> RefreshTokenRecord {
        func refresh(_ digest: UInt8, _ access: TokenRecord) -> RefreshTokenRecord {
            RefreshTokenRecord(
                id: "r\(digest)", digest: [digest], accessToken: access, nonce: "", idleExpiration: 5000,
                expiration: 5000)
        }
        let first = refresh(11, token(1))
        #expect(try storage.issue(token(1), first, redeeming: nil))
        #expect(try storage.issue(token(2), refresh(12, token(2)), redeeming: .refreshToken(first)))
        #expect(try storage.token(digest: [1])?.endReason == .superseded)
        return refresh(11, token(2))
    }

    @Test("the second of two uses of a refresh token ends no access token and issues none") func lostRefresh() throws {
        let storage = try Self.storage()
        let used = try usedRefreshToken(storage)
        #expect(try !storage.issue(token(3), nil, redeeming: .refreshToken(used)))
        #expect(try storage.token(digest: [3]) == nil)
        #expect(try storage.token(digest: [2])?.endReason == nil)
    }

    @Test("revoking a refresh token that was used already ends no access token") func lostRevocation() throws {
        let storage = try Self.storage()
        let used = try usedRefreshToken(storage)
        try storage.revoke(used)
        #expect(try storage.refreshToken(digest: [11])?.endReason == .rotated)
        #expect(try storage.token(digest: [2])?.endReason == nil)
    }
}
