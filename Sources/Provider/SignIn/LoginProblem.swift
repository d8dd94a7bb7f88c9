/// Why somebody was not signed in: what the page says, in ZITADEL's words, and why, for the log.
public struct LoginProblem: Error, Sendable {
    public let text: String
    public let refusal: Refusal

    public init(_ text: String, _ reason: Reason, _ sentence: String) {
        self.text = text
        refusal = Refusal(reason, sentence)
    }
}
