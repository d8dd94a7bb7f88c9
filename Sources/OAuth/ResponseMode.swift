/// How the answer to an authorization request travels to the app (OAuth 2.0 Multiple Response Types, Form Post Response Mode).
public enum ResponseMode: String, Sendable, CaseIterable {
    case query, fragment
    case formPost = "form_post"
}
