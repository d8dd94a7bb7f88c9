/// Why a user was not signed in: the text of the page in ZITADEL's words, and the cause for the log.
public struct LoginProblem: Error, Sendable {
    public let text: String
    public let rejection: Rejection

    public init(_ text: String, _ reason: Reason, _ detail: String) {
        self.text = text
        rejection = Rejection(reason, detail)
    }
}
