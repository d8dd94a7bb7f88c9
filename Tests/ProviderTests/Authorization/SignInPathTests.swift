import Encodings
import Model
import OAuth
@testable import Provider
import Testing

/// The sign-in that the banner and the start page offer.
@Suite struct SignInPathTests {
    private static let uris = [
        "https://a.example/cb", "http://localhost:3000/cb", "http://a.example/cb", "my.app:/cb", "https://*.example/cb",
    ]

    private static func app(_ settings: OIDCSettings) -> App {
        App(
            id: "1", projectID: "2", name: "App", clientID: "3", state: .active, authMethod: .none, secret: nil,
            oidc: settings)
    }

    @Test("a sign-in is offered exactly when the authorization endpoint accepts it", arguments: uris)
    func offered(uri: String) {
        for type in OIDCSettings.AppType.allCases {
            for devMode in [false, true] {
                var settings = OIDCSettings(appType: type)
                settings.devMode = devMode
                settings.redirectUris = [uri]
                let app = Self.app(settings)
                let policy = RedirectURIPolicy(app: app, settings: settings)
                var isAccepted = true
                do { try policy.check(uri, for: .code) } catch { isAccepted = false }
                let isOffered = app.signInPath != nil
                #expect(isOffered == (isAccepted && !uri.contains("*")), "\(type) \(devMode)")
            }
        }
    }

    @Test("a sign-in link has the first usable redirect URI, and is absent if the app cannot redeem a code")
    func first() {
        var settings = OIDCSettings(appType: .userAgent)
        settings.redirectUris = Self.uris.reversed()
        let encoded = "&redirect_uri=" + PercentEncoding.formEncoded("https://a.example/cb")
        #expect(Self.app(settings).signInPath?.hasSuffix(encoded) == true)
        settings.grantTypes = [.refreshToken]
        #expect(Self.app(settings).signInPath == nil)
    }
}
