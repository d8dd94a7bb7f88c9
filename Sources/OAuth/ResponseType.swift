/// The values of `response_type` that ZITADEL knows (OpenID Connect Core section 3).
public enum ResponseType: String, Sendable, CaseIterable {
    case code
    case idToken = "id_token"
    case idTokenAndToken = "id_token token"
}
