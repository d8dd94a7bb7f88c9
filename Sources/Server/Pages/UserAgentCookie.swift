import Encodings
import HTTP
import Provider

/// The cookie by which a browser is known again, named as ZITADEL's.
enum UserAgentCookie {
    /// Seconds: a year.
    private static let lifetime = 31_536_000

    /// The `__Host-` prefix makes browsers insist on https, so it is for https only.
    static func name(isSecure: Bool) -> String { isSecure ? "__Host-zitadel.useragent" : "zitadel.useragent" }

    /// The browser that sent the request; nil for one without the cookie.
    static func browser(_ request: HTTPRequest, isSecure: Bool) -> UserAgent? {
        let name = name(isSecure: isSecure) + "="
        for header in request.headers where header.name == "cookie" {
            for pair in header.value.utf8.pieces(separatedBy: UInt8(ascii: ";")) {
                let pair = pair.drop { $0 == UInt8(ascii: " ") }
                // 16 bytes are the least that nobody guesses; anything else is not from here, nor is a megabyte.
                guard pair.starts(with: name.utf8),
                    (name.utf8.count + 22...name.utf8.count + 200).contains(pair.count)
                else { continue }
                return UserAgent(cookie: String(decoding: pair.dropFirst(name.utf8.count), as: UTF8.self))
            }
        }
        return nil
    }

    /// A browser that comes for the first time or, after a sign-in, again; and the header that makes it come back.
    static func make(
        _ randomBytes: (Int) -> [UInt8], isSecure: Bool, succeeding old: UserAgent? = nil
    ) -> (browser: UserAgent, header: (name: String, value: String)) {
        let secret = Base64.urlEncoded(randomBytes(32))
        let value = old.map { $0.successor(secret: secret) } ?? "\(secret).\(Base64.urlEncoded(randomBytes(16)))"
        let attributes = "Path=/; Max-Age=\(lifetime); HttpOnly; SameSite=Lax" + (isSecure ? "; Secure" : "")
        return (UserAgent(cookie: value), ("Set-Cookie", "\(name(isSecure: isSecure))=\(value); \(attributes)"))
    }
}
