/// Why somebody was not signed in: what the page says, in ZITADEL's words, and why, for the log.
public struct LoginProblem: Error, Sendable {
    public let text: String
    public let rejection: Rejection

    public init(_ text: String, _ reason: Reason, _ detail: String) {
        self.text = text
        rejection = Rejection(reason, detail)
    }
}
