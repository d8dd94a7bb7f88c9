/// A user as the pages list them.
public struct LoginCandidate: Sendable, Equatable {
    public let userID: String
    public let displayName: String
    public let loginName: String
    public let organizationName: String
    /// The session that the browser has of this user; nil when they are not signed in.
    public let sessionID: String?
    /// Why the user cannot sign in, in a few words; nil for a user who can.
    public let ineligibility: String?
}
