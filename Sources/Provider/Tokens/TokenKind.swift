import Crypto
import Encodings
import JOSE
import Model
import OAuth
import Storage

/// What a text of this server is, whichever parameter it was sent in.
enum TokenKind {
    case accessToken, personalAccessToken, refreshToken, authorizationCode, deviceCode, userCode, idToken, assertion

    /// With its article, for messages.
    var name: String {
        switch self {
        case .accessToken: "an access token"
        case .personalAccessToken: "a personal access token"
        case .refreshToken: "a refresh token"
        case .authorizationCode: "an authorization code"
        case .deviceCode: "a device code"
        case .userCode: "a user code"
        case .idToken: "an ID token"
        case .assertion: "the assertion of a client or service user"
        }
    }
}

extension RequestContext {
    /// What a text is that is not what its parameter asks for; nil when this server does not know it.
    ///
    /// Only for messages: a JWT is recognized by its claims, and not verified.
    func kind(of text: String) throws -> TokenKind? {
        if let jws = try? CompactJWS(text) {
            let issuer = jws.claims["iss"]?.string ?? ""
            if resourceIndex.client(id: issuer) != nil || resourceIndex.user(id: issuer) != nil { return .assertion }
            guard issuer == self.issuer else { return nil }
            return jws.claims["jti"] == nil ? .idToken : .accessToken
        }
        let digest = tokenDigest(snapshot.opaqueTokenFormat.canonical(text))
        if resourceIndex.personalAccessToken(digest: digest) != nil { return .personalAccessToken }
        if try storage.token(digest: digest) != nil { return .accessToken }
        if try storage.refreshToken(digest: digest) != nil { return .refreshToken }
        if try storage.issuedCode(digest: digest) != nil { return .authorizationCode }
        if try storage.device(digest: digest) != nil { return .deviceCode }
        return try storage.device(userCode: text) != nil ? .userCode : nil
    }

    /// Why a parameter does not hold what it should, in words that follow its name: what is around it, or what it is instead.
    func mistake(in text: String) throws -> String? {
        if let problem = Wrapping(text)?.problem { return problem }
        return try kind(of: text).map { "is \($0.name)" }
    }
}
