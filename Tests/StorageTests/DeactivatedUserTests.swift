import Model
import Storage
import TestSupport
import Testing

/// Users who are locked, deactivated or removed during a request: the change is in the database, and the request began before it.
@Suite struct DeactivatedUserTests {
    private let storage: Storage

    init() throws { storage = try SignInStoreTests.storage() }

    private func token(_ digest: UInt8) -> TokenRecord {
        TokenRecord(
            id: "t\(digest)", digest: [digest], userID: "7", clientID: "c", scopes: [], audience: [], amr: [],
            authTime: 1, creation: 1, expiration: 2)
    }

    private func set(_ state: UserState) throws {
        var user = try #require(try storage.resources().users.first)
        user.state = state
        try storage.apply([.put(.user(user))], at: 1)
    }

    @Test(
        "a token of a user who became inactive during the request ends, and stays ended for good",
        arguments: UserState.allCases)
    func statesDuringRequest(state: UserState) throws {
        let expected: RevocationReason? = state == .active ? nil : .userInactive
        try set(state)
        try storage.insert(token(1))
        #expect(try storage.issue(token(2), nil, redeeming: nil))
        for digest in [UInt8(1), 2] { #expect(try storage.token(digest: [digest])?.endReason == expected) }
        try set(.active)
        for digest in [UInt8(1), 2] { #expect(try storage.token(digest: [digest])?.endReason == expected) }
        try storage.insert(token(3))
        #expect(try storage.token(digest: [3])?.endReason == nil)
    }

    @Test("a token from a code or a refresh token ends if its user became inactive during the request")
    func redemption() throws {
        let person = Authentication(userID: "7", sessionID: "8", amr: ["pwd"], time: 1000)
        try storage.save(LoginSession(authentication: person, browser: [1]))
        var request = AuthRequest()
        (request.id, request.clientID, request.creation) = ("a", "c", 1000)
        try storage.insert(request)
        #expect(try storage.complete(authRequest: "a", person, code: ([1], 2000)))
        let refresh = RefreshTokenRecord(
            id: "r", digest: [11], accessToken: token(1), nonce: "", idleExpiration: 5000, expiration: 5000)
        #expect(try storage.issue(token(1), refresh, redeeming: nil))
        try set(.locked)
        #expect(try storage.issue(token(2), nil, redeeming: .code([1])))
        #expect(try storage.issue(token(3), nil, redeeming: .refreshToken(refresh)))
        try set(.active)
        for digest in [UInt8(2), 3] { #expect(try storage.token(digest: [digest])?.endReason == .userInactive) }
    }

    @Test("nothing is stored for a user who was removed during the request, and the error says so")
    func removed() throws {
        let person = Authentication(userID: "7", sessionID: "8", amr: ["pwd"], time: 1000)
        let device = DeviceAuthorization(digest: [1], userCode: "AAAA-BBBB", clientID: "c", scopes: [], expiration: 9)
        #expect(try storage.insert(device))
        var request = AuthRequest()
        request.id = "a"
        try storage.insert(request)
        try storage.apply([.remove(.user, id: "7")], at: 1)
        let attempts: [() throws -> Void] = [
            { try storage.insert(token(1)) }, { _ = try storage.issue(token(1), nil, redeeming: nil) },
            { try storage.save(LoginSession(authentication: person, browser: [1])) },
            { _ = try storage.decide(device: "AAAA-BBBB", person) },
            { _ = try storage.complete(authRequest: "a", person, code: ([1], 2000)) },
        ]
        for attempt in attempts {
            #expect {
                try attempt()
            } throws: {
                ($0 as? StorageError)?.isOfMissingRow == true
            }
        }
        #expect(try storage.token(digest: [1]) == nil && storage.device(digest: [1])?.state == .pending)
    }
}
