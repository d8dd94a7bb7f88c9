import Encodings
import JOSE

/// A browser, known by the secret in its cookie.
public struct UserAgent: Sendable {
    private let secret: String

    /// - Parameter secret: the value of the cookie.
    public init(secret: String) {
        self.secret = secret
    }

    /// What sessions are found by; the secret itself is not kept.
    var digest: [UInt8] { Digest.sha256.hash(Array("browser:\(secret)".utf8)) }

    /// What a form must bring back: other sites cannot know it, since they cannot read the cookie.
    public var formToken: String { Base64.urlEncoded(Digest.sha256.hash(Array("form:\(secret)".utf8))) }

    /// Whether a form brought back what it was given.
    public func isRight(formToken token: String) -> Bool {
        constantTimeEqual(Array(token.utf8), Array(formToken.utf8))
    }
}
