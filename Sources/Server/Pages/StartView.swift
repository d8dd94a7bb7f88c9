import Encodings
import Model

/// `/`: what a person finds who opens the server's address.
struct StartView {
    let resources: Resources
    let issuer: String

    var view: PageView {
        let apps = resources.apps.compactMap { app -> HTML? in
            guard let path = app.signInPath else { return nil }
            return "<li><a href=\"\(path)\">Sign in to \(app.name)</a></li>\n"
        }
        let signIn: HTML? =
            apps.isEmpty
            ? nil
            : "<h2>Apps</h2>\n<p>The way ends at the app's redirect URI; where no app listens, in the browser's error page, whose address holds the code.</p>\n<ul>\n\(HTML(joining: apps))</ul>\n"
        return PageView(
            title: "mock-zitadel",
            body: """
                <h1>mock-zitadel</h1>
                <p>A test double of ZITADEL. Its issuer is <strong>\(issuer)</strong></p>
                <ul>
                <li><a href="/.well-known/openid-configuration">Discovery</a></li>
                <li><a href="/oauth/v2/keys">Keys</a></li>
                <li><a href="/device">Connect a device</a></li>
                <li><a href="/oidc/v1/end_session">Sign out</a></li>
                </ul>
                \(signIn)
                """)
    }
}
