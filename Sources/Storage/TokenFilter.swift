/// Which tokens are meant; nil for any.
public struct TokenFilter: Sendable {
    public var userID: String?
    /// A service user's user name, or an app's client id.
    public var clientID: String?
    public var sessionID: String?
    /// Only tokens that neither ended nor expired, at this time in unix seconds.
    public var activeAt: Int64?

    public init(userID: String? = nil, clientID: String? = nil, sessionID: String? = nil, activeAt: Int64? = nil) {
        self.userID = userID
        self.clientID = clientID
        self.sessionID = sessionID
        self.activeAt = activeAt
    }

    private static let ofAccessTokens = """
        coalesce(user_id = ?1, 1) AND coalesce(client_id = ?2, 1) AND (?3 IS NULL OR session_id = ?3)
        AND (?4 IS NULL OR (ended IS NULL AND expiration > ?4))
        """
    private static let ofRefreshTokens = ofAccessTokens + " AND (?4 IS NULL OR idle_expiration > ?4)"

    /// What a row has to satisfy, as SQL with the parameters 1 to 4.
    static func condition(ofRefreshTokens isRefresh: Bool) -> String {
        isRefresh ? ofRefreshTokens : ofAccessTokens
    }

    /// Those of the parameters 1 to 4 of the condition.
    var values: [Value] {
        [.optional(userID), .optional(clientID), .optional(sessionID), activeAt.map(Value.integer) ?? .null]
    }
}
