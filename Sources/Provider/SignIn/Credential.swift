public import OAuth

/// How a user of the pages proves who they are.
public enum Credential: Sendable {
    /// The button of a test user: no proof is asked for.
    case user(userID: String)
    /// An account that the browser is signed in to.
    case session(id: String)
    case password(loginName: String, password: Secret)
}
