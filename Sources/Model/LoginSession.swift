/// One user signed in with one browser. A browser may hold several.
public struct LoginSession: Sendable, Equatable {
    /// Seconds that a sign-in counts: ZITADEL's password check lifetime.
    public static let lifetime: Int64 = 240 * 3600

    /// In place of a browser's digest, for a session that no browser has.
    public static let noBrowser: [UInt8] = []

    public var authentication: Authentication
    /// SHA-256 of the browser's cookie, or `noBrowser`.
    public var browser: [UInt8]

    public init(authentication: Authentication, browser: [UInt8]) {
        self.authentication = authentication
        self.browser = browser
    }

    public var id: String { authentication.sessionID }
}
