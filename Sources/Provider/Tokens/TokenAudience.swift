import Encodings
import Model
import OAuth

/// Which clients a token is for.
extension TokenRecord {
    /// Whether the client or its project is in the audience.
    func isFor(_ client: Client) -> Bool { client.ownAudience.contains { audience.containsBytes(of: $0) } }
}

extension PersonalAccessToken {
    /// A personal access token is for every client: the one that uses it is its audience, and the roles of that client's project join its scopes.
    func scopes(for client: Client) -> [String] { scopes + client.project.roles.map { Scope.rolePrefix + $0.key } }
}

extension Client {
    /// The audience of a token that is for this client alone.
    var ownAudience: [String] { [app.clientID, project.id] }
}
