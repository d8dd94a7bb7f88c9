import Model
import OAuth

extension OpaqueTokenFormat {
    /// An opaque token, code or refresh token as it was sent, in the form in which it is looked for: white space of a JWE does not count, nor do line ends of
    /// plain base64url.
    func canonical(_ text: String) -> String {
        switch self {
        case .jwe: text.withoutWhiteSpace
        case .classic: text.withoutLineEnds
        }
    }

    /// What is around an opaque token as it was sent, and keeps it from being found.
    func wrapping(of text: String) -> String? {
        Wrapping(self == .jwe ? text.withoutWhiteSpaceAround : text.withoutLineEnds)?.problem
    }
}
