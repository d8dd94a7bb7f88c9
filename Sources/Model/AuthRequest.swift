public import OAuth

/// An authorization request (RFC 6749 section 4.1.1, OpenID Connect Core section 3.1.2.1) that passed all checks.
public struct AuthRequest: Sendable, Equatable {
    /// `V2_<id>`, or `<id>` under older server versions.
    public var id = ""
    public var clientID = ""
    public var redirectURI = ""
    public var responseType = ResponseType.code
    public var responseMode = ResponseMode.query
    public var scopes: [String] = []
    public var state = ""
    public var nonce = ""
    /// RFC 7636, in the form of method S256 whatever the method is; empty without PKCE.
    public var codeChallenge = ""
    public var codeChallengeMethod = CodeChallengeMethod.plain
    public var prompts: [Prompt] = []
    /// Seconds since the user last signed in that the app accepts; nil for any.
    public var maxAge: Int64?
    public var loginHint = ""
    /// Whom a genuine `id_token_hint` means.
    public var hintedUserID = ""
    /// Under which name the request came.
    public var issuer = ""
    /// Unix seconds.
    public var creation: Int64 = 0

    public init() {}
}
