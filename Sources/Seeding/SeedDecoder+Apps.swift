import Encodings
import JOSE
import Model

extension SeedDecoder {
    func decodeApps(_ node: Node, of project: Project, _ organization: Organization) {
        var names = UniqueNames("an app of the project")
        for app in node.nodes("apps") {
            let name = app.text("name") ?? ""
            let path = [organization.name, project.name, name]
            if !name.isEmpty { names.add(name, app.member("name"), problems) }
            let id = self.id(app, .app, path)
            let clientID = app.text("clientId") ?? DerivedID.make("client", path)
            if app.has("clientId") || !path.contains("") {
                ids.add(clientID, .clientID, app.has("clientId") ? app.member("clientId") : app.place, problems)
            }
            let oidc = app.text("type") == "oidc" ? settings(app) : nil
            let method = app.choice("authMethod", standardMethod(app, oidc))
            // An auth method that is none was told already, and nothing follows from it.
            if !app.has("authMethod") || app.text("authMethod").flatMap(AuthMethod.init) != nil { check(app, method) }
            let secret = app.text("clientSecret")
            if let secret { note(secret: secret, of: id, at: app.member("clientSecret")) }
            seed.resources.apps.append(
                App(
                    id: id, projectID: project.id, name: name, clientID: clientID, state: app.choice("state", .active),
                    authMethod: method,
                    secret: secret.map(secretHash), oidc: oidc))
            decodeKeys(app, owner: .app(id), fileOwner: .application(appID: id, clientID: clientID), path: path)
        }
    }

    /// Hashes a client secret with a salt of its own.
    func secretHash(_ secret: String) -> SecretHash {
        let salt = source.randomBytes(16)
        return SecretHash(salt: salt, digest: clientSecretDigest(secret, salt: salt))
    }

    private func standardMethod(_ app: Node, _ oidc: OIDCSettings?) -> AuthMethod {
        guard let oidc else { return app.nodes("keys").isEmpty ? .basic : .privateKeyJWT }
        return oidc.appType == .web ? .basic : .none
    }

    private func check(_ app: Node, _ method: AuthMethod) {
        if app.has("clientSecret"), method == .privateKeyJWT || method == .none {
            problems.add(
                app.member("clientSecret"),
                "an app with authMethod \"\(method.rawValue)\" has no secret; leave it out, or use authMethod \"basic\""
            )
        }
        if !app.nodes("keys").isEmpty, method != .privateKeyJWT {
            problems.add(
                app.member("keys"),
                "an app with authMethod \"\(method.rawValue)\" has no keys; leave them out, or use authMethod \"private_key_jwt\""
            )
        }
    }

    private func settings(_ app: Node) -> OIDCSettings {
        var settings = OIDCSettings(appType: app.choice("appType", .web))
        settings.redirectUris = app.strings("redirectUris") ?? []
        settings.postLogoutRedirectUris = app.strings("postLogoutRedirectUris") ?? []
        settings.additionalOrigins = app.strings("additionalOrigins") ?? []
        settings.backChannelLogoutUri = app.text("backChannelLogoutUri")
        settings.responseTypes = app.strings("responseTypes") ?? settings.responseTypes
        let shortNames = ["device_code", "token_exchange"]
        let longNames = [
            "urn:ietf:params:oauth:grant-type:device_code", "urn:ietf:params:oauth:grant-type:token-exchange",
        ]
        settings.grantTypes = (app.strings("grantTypes") ?? settings.grantTypes).map { name in
            shortNames.firstIndex(of: name).map { longNames[$0] } ?? name
        }
        settings.accessTokenType = app.choice("accessTokenType", .bearer)
        settings.accessTokenRoleAssertion = app.flag("accessTokenRoleAssertion")
        settings.idTokenRoleAssertion = app.flag("idTokenRoleAssertion")
        settings.idTokenUserinfoAssertion = app.flag("idTokenUserinfoAssertion")
        settings.devMode = app.flag("devMode")
        settings.clockSkew = app.duration("clockSkew")?.count ?? 0
        return settings
    }
}
