import Model

extension RequestContext {
    /// The app that users sign in to and out of.
    /// - Throws: `Rejection` with `app_unknown` when there is none, or when nobody can sign in to it.
    func signInClient(id: String) throws(Rejection) -> (Client, OIDCSettings) {
        guard let client = resourceIndex.client(id: id) else {
            throw Rejection(.appUnknown, ClientAuthenticator.unknownClient(id, resourceIndex))
        }
        guard let settings = client.app.oidc else {
            throw Rejection(
                .appUnknown, "\(id) is the API app \"\(client.app.name)\"; users sign in to apps of type oidc")
        }
        if let level = client.inactiveLevel {
            let state = level == .app ? "is inactive" : "is active, but its \(level.rawValue) is not"
            throw Rejection(.appUnknown, "\(client.described) \(state); set its state to active in the seed")
        }
        return (client, settings)
    }
}
