/// How an app proves who it is.
public enum AuthMethod: String, Sendable, CaseIterable {
    case basic, post, none
    case privateKeyJWT = "private_key_jwt"

    /// What an API app may choose.
    public static let ofAPI: [AuthMethod] = [.basic, .privateKeyJWT]
}
