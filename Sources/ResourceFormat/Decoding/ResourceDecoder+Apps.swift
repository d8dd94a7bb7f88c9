import Encodings
import JOSE
public import Model

extension ResourceDecoder {
    /// Reads the member `apps` of a project.
    public func decodeApps(_ declared: DeclaredProject) {
        guard let project = references.project(id: declared.id) else { return }
        for node in readable(declared.node.nodes("apps")) { decodeApp(node, in: project) }
    }

    /// Reads an app with its keys.
    public func decodeApp(_ node: Node, in project: Project) {
        guard let type = node.text("type").flatMap(App.Kind.init) else { return }
        let name = node.text("name") ?? ""
        let path = [references.organization(id: project.organizationID)?.name ?? "", project.name, name]
        var app = App(
            id: id(node, .app, path), projectID: project.id, name: name,
            clientID: node.text("clientId") ?? environment.newID("client", path), state: .active, authMethod: .basic,
            secret: nil, oidc: type == .oidc ? OIDCSettings(appType: .web) : nil)
        Formats.format(of: type).decode(node, into: &app, self)
        if node.text("authMethod").flatMap(AuthMethod.init) == nil { app.authMethod = defaultMethod(app, node) }
        guard registerApp(app, node, path: path, in: project) else { return }
        // Nothing follows from members that were refused, or whose names are mistyped: that was reported.
        let doubtful = ShapeChecker.mistyped(in: node.object, of: Formats.format(of: type).shape)
            .union(diagnostics.refusedMembers(of: node.location))
        // The type of an app decides how it authenticates unless it says so.
        if doubtful.isDisjoint(with: node.has("authMethod") ? ["authMethod"] : ["authMethod", "appType"]) {
            checkCredentials(app, node, doubtful: doubtful)
        }
        warnOfSignIn(app, node, doubtful: doubtful)
        decoded.resources.apps.append(app)
        decodeKeys(
            node, owner: .app(app.id), fileOwner: .application(appID: app.id, clientID: app.clientID), path: path)
    }

    /// - Returns: false for an app that is there already; that was reported, once.
    private func registerApp(_ app: App, _ node: Node, path: [String], in project: Project) -> Bool {
        if node.has("id"), !register(app.id, .app, node, path) { return false }
        guard
            app.name.isEmpty
                || names.add(appName: app.name, of: project.id, node.member("name"), diagnostics)
        else { return false }
        if !node.has("id"), !register(app.id, .app, node, path) { return false }
        guard node.has("clientId") || !path.contains("") else { return true }
        return names.clientIDs.add(
            app.clientID, node.has("clientId") ? node.member("clientId") : node.location, diagnostics)
    }

    private func defaultMethod(_ app: App, _ node: Node) -> AuthMethod {
        guard let oidc = app.oidc else { return node.nodes("keys").isEmpty ? .basic : .privateKeyJWT }
        return oidc.appType == .web ? .basic : .none
    }

    private static let secretMembers = ["clientSecret", "clientSecretFile", "clientSecretHash"]

    /// - Parameter doubtful: members that are missing only because they are mistyped or were refused, which was reported.
    private func checkCredentials(_ app: App, _ node: Node, doubtful: Set<String>) {
        let method = app.authMethod
        // Of an overlay, which cannot leave out what the file before it has.
        let cause = ["authMethod", "appType"].filter(node.has).map(node.member).first { $0.file != node.location.file }
        let cure = cause.map { "; the auth method follows from \($0.file) \($0.pointer)" } ?? ""
        let secretMember = Self.secretMembers.first(where: node.has)
        if let secretMember, method == .privateKeyJWT || method == .none {
            diagnostics.add(
                node.member(secretMember),
                "an app with authMethod \"\(method.rawValue)\" has no secret; leave it out, or use authMethod \"basic\"\(cure)"
            )
        }
        if !node.nodes("keys").isEmpty, method != .privateKeyJWT {
            diagnostics.add(
                node.member("keys"),
                "an app with authMethod \"\(method.rawValue)\" has no keys; leave them out, or use authMethod \"private_key_jwt\"\(cure)"
            )
        }
        guard doubtful.isDisjoint(with: Self.secretMembers + ["keys"]) else { return }
        if secretMember == nil, method == .basic || method == .post {
            diagnostics.warn(
                node.location,
                "an app with authMethod \"\(method.rawValue)\" and no clientSecret can never authenticate; add a clientSecret, or another authMethod"
            )
        }
        if node.nodes("keys").isEmpty, method == .privateKeyJWT {
            diagnostics.warn(
                node.location, "an app with authMethod \"private_key_jwt\" and no keys can never authenticate; add keys"
            )
        }
    }
}
