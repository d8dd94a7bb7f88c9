import Encodings
import Model

/// Which addresses of an app answers may be sent to, by the rules of ZITADEL for app types and development mode.
struct RedirectURIPolicy {
    let app: App
    let settings: OIDCSettings

    /// - Parameter responseType: http of a web app with a secret is for codes only, which are of no use to whoever listens.
    /// - Throws: `Rejection` with `redirect_uri_…`
    func check(_ uri: String, for responseType: String) throws(Rejection) {
        guard settings.appType != .native else { return try checkNative(uri) }
        guard isRegistered(uri, in: settings.redirectUris) else { throw unknown(uri, settings.redirectUris) }
        if uri.hasPrefix("https://") { return }
        guard uri.hasPrefix("http://") else {
            throw Rejection(
                .redirectURIScheme,
                "redirect_uri is \"\(uri.shown)\", and only apps of type native may use a scheme of their own")
        }
        let isConfidential =
            settings.appType == .web && app.authMethod != .none && ["code", ""].contains(responseType)
        guard settings.devMode || isConfidential || WebURL(uri)?.isLoopback ?? false else { throw plain(uri) }
    }

    private func checkNative(_ uri: String) throws(Rejection) {
        let address = WebURL(uri)
        let isLoopback = address?.scheme == "http" && address?.isLoopback ?? false
        if isRegistered(uri, in: settings.redirectUris) {
            guard settings.devMode || isLoopback || !uri.hasPrefix("http://") else { throw plain(uri) }
            return
        }
        guard isLoopback, let address, isLoopbackTwin(address, in: settings.redirectUris) else {
            throw unknown(uri, settings.redirectUris)
        }
    }

    /// A native app listens on whatever port is free (RFC 8252 section 7.3), so host and port of loopback addresses do not count.
    private func isLoopbackTwin(_ address: WebURL, in registered: [String]) -> Bool {
        registered.compactMap(WebURL.init).contains {
            $0.scheme == "http" && $0.isLoopback && $0.path == address.path && $0.query == address.query
        }
    }

    private func isRegistered(_ uri: String, in registered: [String]) -> Bool {
        if registered.contains(uri) { return true }
        guard settings.devMode, WebURL(uri) != nil else { return false }
        return registered.contains { Glob($0).matches(uri) }
    }

    /// Whether a browser may be sent there after a logout.
    func allowsAfterLogout(_ uri: String) -> Bool {
        if isRegistered(uri, in: settings.postLogoutRedirectUris) { return true }
        guard settings.appType == .native, let address = WebURL(uri), address.scheme == "http", address.isLoopback
        else { return false }
        return isLoopbackTwin(address, in: settings.postLogoutRedirectUris)
    }

    private func unknown(_ uri: String, _ registered: [String]) -> Rejection {
        let rule =
            settings.appType == .native
            ? "exact match required, except for host and port of loopback addresses"
            : "exact match required"
        let meant =
            registered.first { Self.differsByLoopbackName(uri, $0) } ?? Similarity.nearest(to: uri, in: registered)
        let hint = meant.map { "; did you mean \($0)?" } ?? ""
        return Rejection(
            .redirectURIUnknown,
            "redirect_uri is \"\(uri.shown)\"; app \"\(app.name)\" has \(registered.shownList), \(rule)\(hint)")
    }

    /// The commonest mistake: 127.0.0.1 for localhost, or the other way round.
    private static func differsByLoopbackName(_ uri: String, _ registered: String) -> Bool {
        guard let left = WebURL(uri), let right = WebURL(registered) else { return false }
        return left.isLoopback && right.isLoopback && left.host != right.host && left.scheme == right.scheme
            && left.port == right.port && left.path == right.path && left.query == right.query
    }

    private func plain(_ uri: String) -> Rejection {
        Rejection(
            .redirectURIPlain,
            "redirect_uri is \"\(uri.shown)\"; this app may use http only for loopback addresses, or with devMode in the seed"
        )
    }
}
