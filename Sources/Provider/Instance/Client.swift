public import Model
import OAuth

/// A client of the server with all that decides about it. A class, because requests hand it on many times and it is large.
public final class Client: Sendable {
    public let app: App
    public let project: Project
    /// The first of app, project and organization that is inactive; nil when the client may be used.
    public let inactiveLevel: Level?

    /// What has to be active.
    public enum Level: String, Sendable { case app, project, organization }

    /// How messages name it.
    var described: String { "client \(app.clientID) (\"\(app.name)\")" }

    /// Whether a sign-in with these scopes gives it a refresh token.
    func mayRefresh(_ scopes: [String]) -> Bool {
        scopes.contains(Scope.offlineAccess)
            && app.oidc?.grantTypes.contains(.refreshToken) ?? false
    }

    init(app: App, project: Project, inactiveLevel: Level?) {
        self.app = app
        self.project = project
        self.inactiveLevel = inactiveLevel
    }
}
