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
    mutating func applyRequestObject(
        _ resourceIndex: ResourceIndex, issuer: String, isVerified: Bool
    ) throws(Rejection) {
        if let undecodable { throw undecodable }
        guard !object.isEmpty else { return }
        let jws = try Self.parsed(object)
        try check(jws.claims, issuer: issuer)
        guard isVerified else {
            throw Rejection(
                .requestObjectUnsupported,
                "request is a signed request object, on which a running ZITADEL fails; dialect \"documented\" accepts it"
            )
        }
        let appID = resourceIndex.client(id: jws.claims["iss"]?.string ?? "")?.app.id ?? ""
        guard let key = resourceIndex.keys(of: .app(appID)).first(where: { $0.id == jws.keyID }),
            let publicKey = resourceIndex.publicKey(key), jws.algorithm == .rs256, jws.isSigned(by: publicKey)
        else {
            throw Rejection(
                .requestObject, "request: the signature is not by a key of client \(clientID), with RS256",
                variant: .badSignature)
        }
        replaceParameters(by: jws.claims)
    }

    private static func parsed(_ object: String) throws(Rejection) -> CompactJWS {
        do throws(CompactJWS.Malformed) { return try CompactJWS(object) } catch {
            if case .payloadNotJSON = error {
                throw Rejection(
                    .requestObjectUnreadable, "the payload of request is not a JSON object", value: error.goText)
            }
            throw Rejection(.requestObject, "request is not a JWT", value: error.goText, variant: .notAJWT)
        }
    }

    private func check(_ claims: JSONObject, issuer: String) throws(Rejection) {
        func require(
            _ condition: Bool, _ variant: Rejection.Variant, _ detail: @autoclosure () -> String
        ) throws(Rejection) {
            guard condition else { throw Rejection(.requestObject, "request: \(detail())", variant: variant) }
        }
        func claim(_ name: String) -> String { claims[name]?.string ?? "" }
        try require(
            [clientID, ""].contains(claim("client_id")), .wrongClientID, "client_id is not that of the request")
        try require(
            [responseType, ""].contains(claim("response_type")), .wrongResponseType,
            "response_type is not that of the request")
        try require(claim("iss") == claim("client_id"), .wrongIssuer, "iss must be the client_id in it")
        let audience = claims["aud"]?.array?.compactMap(\.string) ?? [claim("aud")]
        try require(audience.contains(issuer), .wrongAudience, "aud must hold the issuer \"\(issuer)\"")
    }

    private mutating func replaceParameters(by claims: JSONObject) {
        func replace(_ name: String, _ member: WritableKeyPath<Self, String>) {
            if let value = claims[name]?.string, !value.isEmpty { self[keyPath: member] = value }
        }
        if let scope = claims["scope"]?.string, !scope.isEmpty, scopes?.contains(Scope.openID) ?? false {
            scopes = Scope.split(scope)
        }
        replace("redirect_uri", \.redirectURI)
        replace("state", \.state)
        replace("response_mode", \.responseMode)
        replace("nonce", \.nonce)
        replace("login_hint", \.loginHint)
        replace("id_token_hint", \.idTokenHint)
        replace("code_challenge", \.codeChallenge)
        replace("code_challenge_method", \.codeChallengeMethod)
        if let prompt = claims["prompt"]?.string, !prompt.isEmpty { prompts = Self.words(prompt) }
        if case .integer(let age)? = claims["max_age"], age >= 0 { maxAge = age }
    }
}
