/// That a user proved who they are: in which session, how, and when.
public struct Authentication: Sendable, Equatable {
    public var userID: String
    /// The login session, the `sid` of ID tokens.
    public var sessionID: String
    /// RFC 8176
    public var amr: [String]
    /// Unix seconds.
    public var time: Int64

    public init(userID: String, sessionID: String, amr: [String], time: Int64) {
        self.userID = userID
        self.sessionID = sessionID
        self.amr = amr
        self.time = time
    }
}
