import Crypto
import Encodings
import JOSE
import Model
import OAuth

/// The parameters of an authorization request, from the form or, where one was sent, from a signed request object (OpenID Connect Core section 6.1).
struct AuthorizationParameters {
    var clientID: String
    var redirectURI: String
    var responseType: String
    var responseMode: String
    /// nil when absent, which is not the same as empty.
    var scopes: [String]?
    var state: String
    var nonce: String
    var prompts: [String]
    var maxAge: Int64?
    var loginHint: String
    var idTokenHint: String
    var codeChallenge: String
    var codeChallengeMethod: String
    /// A parameter with an invalid value.
    private let undecodable: Rejection?
    private let object: String

    init(_ form: FormParameters) {
        func text(_ name: String) -> String { form.last(name) ?? "" }
        clientID = text("client_id")
        redirectURI = text("redirect_uri")
        responseType = text("response_type")
        responseMode = text("response_mode")
        scopes = form.last("scope").map(Scope.split)
        state = text("state")
        nonce = text("nonce")
        prompts = Self.words(text("prompt"))
        loginHint = text("login_hint")
        idTokenHint = text("id_token_hint")
        codeChallenge = text("code_challenge")
        codeChallengeMethod = text("code_challenge_method")
        object = text("request")
        let age = text("max_age")
        let isNumber = !age.isEmpty && age.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        maxAge = isNumber ? UInt64(age).map(Int64.init(clamping:)) : nil
        undecodable =
            age.isEmpty || maxAge != nil
            ? nil : Rejection(.parameterUndecodable, "max_age is \"\(age.truncated)\"; expected a number of seconds")
    }

    /// All that is kept of the request.
    var texts: [String] { [state, nonce, loginHint, codeChallenge, responseMode] + (scopes ?? []) + prompts }

    /// Split at single spaces: a doubled one, and one at an end, makes an empty value.
    private static func words(_ text: String) -> [String] { text.isEmpty ? [] : Scope.split(text) }

    /// Checks what can be wrong with the parameters themselves, and takes over what the request object says.
    /// - Parameter isVerified: whether signatures of request objects are verified, as the documents promise; the running server fails when it tries.
    /// - Throws: `Rejection`
    mutating func settle(_ resourceIndex: ResourceIndex, issuer: String, isVerified: Bool) throws(Rejection) {
        if let undecodable { throw undecodable }
        guard !object.isEmpty else { return }
        let jws: CompactJWS
        do { jws = try CompactJWS(object) } catch {
            // The words of the library that ZITADEL is built on.
            let why =
                switch error {
                case .segments: "token contains an invalid number of segments"
                case .tooLong: "malformed jwt payload: illegal base64 data"
                case .payloadNotBase64URL(let offset):
                    "malformed jwt payload: illegal base64 data at input byte \(offset)"
                case .payloadNotJSON(let problem):
                    throw Rejection(
                        .requestObjectUnreadable, "the payload of request is not a JSON object",
                        value: Self.goText(problem))
                }
            throw Rejection(
                .requestObject, "request is not a JWT", value: "parsing of request failed: \(why)", variant: .notAJWT)
        }
        func refuse(_ detail: String, _ serverText: String) -> Rejection {
            Rejection(.requestObject, "request: \(detail)", value: serverText)
        }
        func claim(_ name: String) -> String { jws.claims[name]?.string ?? "" }
        guard [clientID, ""].contains(claim("client_id")) else {
            throw refuse("client_id is not that of the request", "missing or wrong client id in request")
        }
        guard [responseType, ""].contains(claim("response_type")) else {
            throw refuse("response_type is not that of the request", "missing or wrong response type in request")
        }
        guard claim("iss") == claim("client_id") else {
            throw refuse("iss must be the client_id in it", "missing or wrong issuer in request")
        }
        let audience = jws.claims["aud"]?.array?.compactMap(\.string) ?? [claim("aud")]
        guard audience.contains(issuer) else {
            throw refuse("aud must hold the issuer \"\(issuer)\"", "issuer missing in audience")
        }
        guard isVerified else {
            throw Rejection(
                .requestObjectUnsupported,
                "request is a signed request object, on which a running ZITADEL fails; dialect \"documented\" accepts it"
            )
        }
        let appID = resourceIndex.client(id: claim("iss"))?.app.id ?? ""
        guard let key = resourceIndex.keys(of: .app(appID)).first(where: { $0.id == jws.keyID }),
            let publicKey = resourceIndex.publicKey(key), jws.algorithm == .rs256, jws.isSigned(by: publicKey)
        else {
            throw refuse("the signature is not by a key of client \(clientID), with RS256", "invalid signature")
        }
        take(jws.claims)
    }

    /// The error of Go's JSON decoder, which ZITADEL passes on.
    private static func goText(_ problem: CompactJWS.PayloadProblem) -> String {
        switch problem {
        case .kind(let kind): "json: cannot unmarshal \(kind) into Go value of type oidc.RequestObject"
        case .end: "unexpected end of JSON input"
        case .start(let byte):
            "invalid character \(byte == UInt8(ascii: "'") ? "'\\''" : "'\(UnicodeScalar(byte))'") looking for beginning of value"
        case .other: "invalid character in payload"
        }
    }

    private mutating func take(_ claims: JSONObject) {
        func take(_ name: String, _ member: WritableKeyPath<Self, String>) {
            if let value = claims[name]?.string, !value.isEmpty { self[keyPath: member] = value }
        }
        if let scope = claims["scope"]?.string, !scope.isEmpty, scopes?.contains(Scope.openID) ?? false {
            scopes = Scope.split(scope)
        }
        take("redirect_uri", \.redirectURI)
        take("state", \.state)
        take("response_mode", \.responseMode)
        take("nonce", \.nonce)
        take("login_hint", \.loginHint)
        take("id_token_hint", \.idTokenHint)
        take("code_challenge", \.codeChallenge)
        take("code_challenge_method", \.codeChallengeMethod)
        if let prompt = claims["prompt"]?.string, !prompt.isEmpty { prompts = Self.words(prompt) }
        if case .integer(let age)? = claims["max_age"], age >= 0 { maxAge = age }
    }
}
