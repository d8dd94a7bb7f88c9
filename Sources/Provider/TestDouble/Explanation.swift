/// Why the server would accept or reject something, check by check.
public struct Explanation: Sendable {
    /// In one word: tokens are active or not, what proves something is accepted or not.
    public enum Verdict: String, Sendable, CaseIterable {
        case active, inactive, accepted, rejected
    }

    public let verdict: Verdict
    /// Why not, or why a token is inactive; nil when it is accepted.
    public let rejection: Rejection?
    /// The checks in the order in which the server makes them, those after a failed one too where they can be made.
    public let checks: [Check]
    /// What the thing was taken for: an access token, a client assertion and so on.
    public let subject: String
}
