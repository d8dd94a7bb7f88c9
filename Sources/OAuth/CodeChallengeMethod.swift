import Encodings

/// The values of `code_challenge_method` (RFC 7636 section 4.3).
public enum CodeChallengeMethod: String, Sendable, CaseIterable {
    case plain
    case s256 = "S256"

    /// - Parameter parameter: what was sent, if anything. Whatever is not `S256`, in this spelling, counts as `plain`.
    public init(parameter: String) {
        self = parameter.hasSameBytes(as: Self.s256.rawValue) ? .s256 : .plain
    }
}
