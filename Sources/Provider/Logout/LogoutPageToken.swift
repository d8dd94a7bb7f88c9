import Encodings
import JOSE

/// What this server hands the browser when it asks on a page who shall be signed out: where to redirect the browser afterwards, signed, so that nobody else can
/// send it anywhere.
struct LogoutPageToken {
    private static let redirect = "post_logout_redirect_uri", hint = "logout_hint", locales = "ui_locales"

    /// Where to redirect the browser afterwards.
    let redirectURI: String
    var logoutHint = ""
    var uiLocales: [String] = []

    init(redirectURI: String) {
        self.redirectURI = redirectURI
    }

    /// Reads a token that came back.
    /// - Returns: nil for anything but a logout token of this server. Other JWTs of it have other claims, some of which users choose.
    init?(_ text: String, _ context: RequestContext) throws {
        let known = [Self.redirect, Self.hint, Self.locales]
        guard let jws = try? CompactJWS(text), jws.claims.members.allSatisfy({ known.contains($0.name) }),
            let redirectURI = jws.claims[Self.redirect]?.string
        else { return nil }
        do {
            try OwnSignature(context: context).verify(jws) { _ in
                Rejection(.tokenSignature, "not signed by this server")
            }
        } catch is Rejection {
            return nil
        }
        self.init(redirectURI: redirectURI)
    }

    /// The signed token.
    /// - Throws: `StorageError`, `CryptographyFailure`
    func signed(by key: KeySet.Key) throws -> String {
        var claims: JSONObject = [Self.redirect: .string(redirectURI)]
        claims.append(Self.hint, ifNotEmpty: logoutHint)
        if !uiLocales.isEmpty { claims.append(Self.locales, .strings(uiLocales)) }
        return try CompactJWS.sign(claims, by: key.privateKey, algorithm: key.algorithm, keyID: key.id)
    }
}
