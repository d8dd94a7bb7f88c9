import Model

extension ResourceIndex {
    /// Whose key it is that an assertion names, and how it is used: to take one's key for another's is the commonest mix-up of all.
    /// - Returns: words that follow a sentence; empty for a key that nobody has.
    func adviceOnKey(_ keyID: String?) -> String {
        guard let key = keyID.flatMap(key(id:)) else { return "" }
        switch key.owner {
        case .user(let id):
            return
                "; this key belongs to service user \(user(id: id)?.userName ?? id): use it as assertion with iss and sub \(id) and grant_type jwt-bearer at the token endpoint"
        case .app(let id):
            guard let app = app(id: id) else { return "" }
            guard app.oidc != nil else {
                return
                    "; this key belongs to API app \"\(app.name)\", which gets no tokens: use it as client_assertion with iss and sub \(app.clientID) at the introspection endpoint"
            }
            return
                "; this key belongs to app \"\(app.name)\": use it as client_assertion with iss and sub \(app.clientID)"
        }
    }
}
