public import Model
import OAuth

/// A client of the server with all that decides about it. A class, because requests hand it on many times and it is large.
public final class Client: Sendable {
    public let app: App
    public let project: Project
    /// What is inactive about it, from the app outwards: "app", "project" or "organization"; nil when it may be used.
    public let inactiveLevel: String?

    /// How messages name it.
    var described: String { "client \(app.clientID) (\"\(app.name)\")" }

    /// Whether a sign-in with these scopes gives it a refresh token.
    func mayRefresh(_ scopes: [String]) -> Bool {
        scopes.contains(Scope.offlineAccess)
            && app.oidc?.grantTypes.contains(GrantType.refreshToken.rawValue) ?? false
    }

    init(app: App, project: Project, inactiveLevel: String?) {
        self.app = app
        self.project = project
        self.inactiveLevel = inactiveLevel
    }
}
