import Model
import Provider

/// `/`: the issuer, and the apps and users to test with.
struct StartView {
    let resourceIndex: ResourceIndex
    let issuer: String
    /// Whether there is a control API on this port.
    let hasControlAPI: Bool

    /// A page of a thousand rows helps nobody.
    private static let limit = 50

    var view: PageLayout {
        PageLayout(
            title: "mock-zitadel",
            body: """
                <h1>mock-zitadel</h1>
                <p>A test double of ZITADEL. Its issuer is <strong>\(issuer)</strong></p>
                <ul class="links">
                <li><a href="\(EndpointPath.discovery)">Discovery</a></li>
                <li><a href="\(EndpointPath.keys)">Keys</a></li>
                <li><a href="\(PagePath.device)">Connect a device</a></li>
                <li><a href="\(EndpointPath.endSession)">Sign out</a></li>
                \(controlAPI)</ul>
                \(apps)\(humans)\(serviceUsers)
                """, width: .wide)
    }

    private var controlAPI: HTML? {
        hasControlAPI ? "<li><a href=\"/mock/v1/docs\">Control API</a></li>\n" : nil
    }

    private var apps: HTML? {
        let intro: HTML =
            "<p class=\"quiet\">After signing in you&#39;ll be redirected to the app. If it isn&#39;t running you&#39;ll see a browser error page with the code in its address.</p>\n"
        return section("Apps", resourceIndex.resources.apps, intro, row: app)
    }

    private func app(_ app: App) -> HTML {
        let link: HTML = app.signInPath.map { "<a href=\"\($0)\">Sign in to \(app.name)</a>" } ?? "\(app.name)"
        let project = resourceIndex.project(id: app.projectID)?.name ?? ""
        let uris = app.oidc?.redirectUris ?? []
        let redirects: HTML? = uris.isEmpty ? nil : "<br>\(uris.prefix(3).joined(separator: ", "))"
        return item(
            link,
            "\(kind(of: app)) of project \(project)\(Self.note(app.state))<br>client id <code>\(app.clientID)</code>\(redirects)"
        )
    }

    private func kind(of app: App) -> String {
        guard let oidc = app.oidc else { return "API" }
        return switch oidc.appType {
        case .web: "Web app"
        case .native: "Native app"
        case .userAgent: "Single-page app"
        }
    }

    private var humans: HTML? {
        section("Test users", users.filter { $0.machine == nil }, row: user)
    }

    private var serviceUsers: HTML? {
        section("Service users", users.filter { $0.machine != nil }, row: user)
    }

    private var users: [User] { resourceIndex.resources.users.filter { $0.state != .deleted } }

    private func user(_ user: User) -> HTML {
        let organization = resourceIndex.organization(id: user.organizationID)?.name ?? ""
        let name = user.machine?.name ?? user.displayName
        return item(
            "\(name)",
            "<code>\(resourceIndex.preferredLoginName(of: user))</code> · \(organization)\(user.state == .active ? "" : " · \(user.state.rawValue)")<br>id <code>\(user.id)</code>"
        )
    }

    private static func note(_ state: ResourceState) -> String { state == .active ? "" : " · \(state.rawValue)" }

    private func item(_ heading: HTML, _ text: HTML) -> HTML {
        "<li>\(heading)<small>\(text)</small></li>\n"
    }

    /// A heading with the first of some resources.
    private func section<Value>(
        _ title: String, _ values: [Value], _ intro: HTML? = nil, row: (Value) -> HTML
    ) -> HTML? {
        guard !values.isEmpty else { return nil }
        let more: HTML? =
            values.count > Self.limit ? "<p class=\"quiet\">\(String(values.count - Self.limit)) more</p>\n" : nil
        return
            "<h2>\(title)</h2>\n\(intro)<ul class=\"cards\">\n\(HTML(joining: values.prefix(Self.limit).map(row)))</ul>\n\(more)"
    }
}
