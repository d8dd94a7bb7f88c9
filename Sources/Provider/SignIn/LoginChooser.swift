/// The users that a page offers. Nobody is in both lists, so each has one button.
public struct LoginChooser: Sendable {
    /// Pages list at most this many users; the filter finds the others.
    public static let limit = 50
    /// Pages with more users than this have a filter.
    public static let filterThreshold = 8

    /// Accounts that the browser is signed in to, the newest first.
    public let signedIn: [LoginCandidate]
    /// The other users, those who can sign in first; at most `limit`.
    public let users: [LoginCandidate]
    /// How many more users match the filter.
    public let moreUsers: Int
    /// Whether there are so many users that the page has a filter.
    public let hasFilter: Bool
    /// The filter in force; empty for none.
    public let filter: String
    /// The login name in the password form.
    public var loginName = ""
}
