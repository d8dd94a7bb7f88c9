import Crypto
import Encodings
import Storage

/// A browser, known by the secret in its cookie.
public struct UserAgent: Sendable {
    private let secret: String
    /// What forms are marked with. It outlives the secret, so that pages which were opened before a sign-in still work after it.
    private let csrfKey: Substring

    /// - Parameter cookie: the value of the cookie: the secret and, after a dot, the key of CSRF tokens.
    public init(cookie: String) {
        secret = cookie
        csrfKey = cookie.split(separator: ".").last ?? ""
    }

    /// The cookie of the same browser under another secret.
    public func successor(secret: String) -> String { "\(secret).\(csrfKey)" }

    /// What sessions are found by; the secret itself is not kept.
    var digest: [UInt8] { Digest.sha256.hash(Array("browser:\(secret)".utf8)) }

    /// The CSRF token that a form must bring back: other sites cannot know it, since they cannot read the cookie.
    public var csrfToken: String { Base64.urlEncoded(Digest.sha256.hash(Array("form:\(csrfKey)".utf8))) }

    /// Whether a form brought back what it was given.
    public func accepts(csrfToken token: String) -> Bool {
        constantTimeEqual(Array(token.utf8), Array(csrfToken.utf8))
    }
}

extension RequestContext {
    /// Gives the sessions of a browser to the one that it becomes.
    public func moveSessions(of browser: UserAgent, to successor: UserAgent) throws {
        try storage.moveSessions(from: browser.digest, to: successor.digest)
    }
}
