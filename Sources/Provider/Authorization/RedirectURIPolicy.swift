import Encodings
import Model
import OAuth

/// Which addresses of an app answers may be sent to, by the rules of ZITADEL for app types and development mode.
struct RedirectURIPolicy {
    /// Addresses among which a meant one is looked for.
    private static let searchedLimit = 100

    let app: App
    let settings: OIDCSettings

    /// - Parameters:
    ///   - sent: the parameter; it is decoded once more before it is compared, as the real server does.
    ///   - responseType: http of a web app is for codes only, which are of no use to an eavesdropper without the secret.
    /// - Throws: `Rejection` with `redirect_uri_…`
    func check(_ sent: String, for responseType: ResponseType?) throws(Rejection) {
        guard let uri = PercentEncoding.formDecoded(Array(sent.utf8)), !uri.isEmpty else {
            throw Rejection(
                .redirectURIUndecodable,
                "redirect_uri is \"\(sent.truncated)\", where a '%' is not followed by two hexadecimal digits; a registered URI with escapes must be escaped once more"
            )
        }
        guard settings.appType != .native else { return try checkNative(uri, sent: sent, for: responseType) }
        guard isRegistered(uri, in: settings.redirectUris) else {
            throw unknown(uri, sent: sent, registered: settings.redirectUris)
        }
        try checkRules(uri, responseType)
    }

    /// - Throws: the rejection of a registered URI that the app's type and mode keep from being used.
    private func checkRules(_ uri: String, _ responseType: ResponseType?) throws(Rejection) {
        switch settings.violation(by: uri, for: responseType) {
        case nil: return
        case .customScheme:
            guard !["http:", "https:"].contains(where: uri.prefix(6).lowercased().hasPrefix) else {
                throw Rejection(
                    .redirectURIScheme,
                    "redirect_uri is \"\(uri.truncated)\", whose scheme is in capital letters and counts as one of the app's own; register and send it in small ones"
                )
            }
            throw Rejection(
                .redirectURIScheme,
                "redirect_uri is \"\(uri.truncated)\", and only apps of type native may use a scheme of their own")
        case .plainNative: throw plain(uri, "an app of type native may use http only for loopback addresses")
        case .plainUserAgent: throw plain(uri, "an app of type user_agent may not use http, not even for localhost,")
        case .plainWebWithoutCode: throw plain(uri, "an app of type web may use http only with response_type=code")
        }
    }

    private func checkNative(_ uri: String, sent: String, for responseType: ResponseType?) throws(Rejection) {
        if isRegistered(uri, in: settings.redirectUris) { return try checkRules(uri, responseType) }
        let address = GoURL(loopback: uri)
        guard let address, isLoopbackTwin(address, in: settings.redirectUris) else {
            throw unknown(uri, sent: sent, registered: settings.redirectUris)
        }
    }

    /// A native app listens on whatever port is free (RFC 8252 section 7.3), so scheme, host and port of loopback addresses do not count.
    private func isLoopbackTwin(_ address: GoURL, in registered: [String]) -> Bool {
        registered.compactMap(GoURL.init(loopback:)).contains {
            $0.path == address.path && $0.query.hasSameBytes(as: address.query)
        }
    }

    private func isRegistered(_ uri: String, in registered: [String]) -> Bool {
        if registered.containsBytes(of: uri) { return true }
        // What Go cannot read as an address may fit a pattern, but no answer ever gets there.
        guard settings.devMode, uri.utf8.count <= GoURL.parsedLimit, GoURL(uri) != nil else { return false }
        return registered.contains { Glob($0).matches(uri) }
    }

    /// Whether a browser may be sent there after a logout.
    func allowsAfterLogout(_ uri: String) -> Bool {
        if isRegistered(uri, in: settings.postLogoutRedirectUris) { return true }
        guard settings.appType == .native, let address = GoURL(loopback: uri) else { return false }
        return isLoopbackTwin(address, in: settings.postLogoutRedirectUris)
    }

    private func unknown(_ uri: String, sent: String, registered: [String]) -> Rejection {
        guard !isRegistered(sent, in: registered) else {
            return Rejection(
                .redirectURIUnknown,
                "redirect_uri is \"\(sent.truncated)\", which app \"\(app.name)\" has, but ZITADEL decodes redirect_uri once more, to \"\(uri.truncated)\"; escape it once more"
            )
        }
        return Rejection(
            .redirectURIUnknown,
            "redirect_uri is \"\(uri.truncated)\"; app \"\(app.name)\" has \(registered.quotedList), \(rule)\(hint(uri, registered))"
        )
    }

    /// How an address is compared, in words that follow those that the app has.
    private var rule: String {
        let exact = "exact match required"
        let rules = [
            settings.devMode
                ? "except that they are patterns (* stands for anything but a slash) for addresses of at most \(GoURL.parsedLimit) bytes"
                : nil,
            settings.appType == .native ? "except for scheme, host and port of loopback addresses" : nil,
        ]
        return ([exact] + rules.compactMap(\.self)).joined(separator: ", ")
    }

    /// What was probably meant by an address that the app does not have; empty when none of its own is near.
    private func hint(_ uri: String, _ all: [String]) -> String {
        // Those that an answer can be sent to.
        let registered = all.prefix(Self.searchedLimit).filter {
            !(settings.devMode && OIDCSettings.isPattern($0)) && settings.lastingViolation(by: $0) != .customScheme
        }
        let wrapping = uri.wrappingHint
        guard wrapping.isEmpty else { return wrapping }
        let address = GoURL(loopback: uri)
        let meant =
            address.flatMap { address in registered.first { Self.differsByLoopbackName(address, $0) } }
            ?? registered.first { $0.hasSuffix("://" + uri) }
            ?? (uri.utf8.count <= GoURL.parsedLimit ? WebURL(uri) : nil).flatMap { sent in
                registered.first { Self.differsByPortOrQuery(sent, $0) }
            } ?? Similarity.nearest(to: uri, in: registered)
        guard let meant else { return "" }
        let escapes =
            meant.utf8.contains(UInt8(ascii: "%"))
            ? " ZITADEL decodes redirect_uri twice, so each % of it must be sent as %25, and is in the address that the browser gets; better register an address without escapes"
            : ""
        return "; did you mean \(meant)?\(escapes)"
    }

    /// Why a browser is not sent there after a logout.
    func rejectionAfterLogout(_ uri: String) -> Rejection {
        let registered = settings.postLogoutRedirectUris
        let list = registered.isEmpty ? "none: add postLogoutRedirectUris in the seed" : registered.quotedList
        return Rejection(
            .logoutURIUnknown,
            "post_logout_redirect_uri is \"\(uri.truncated)\"; app \"\(app.name)\" has \(list)\(hint(uri, registered))")
    }

    /// A port that was left out, and parameters that were added.
    private static func differsByPortOrQuery(_ left: WebURL, _ registered: String) -> Bool {
        guard let right = WebURL(registered) else { return false }
        return left.scheme == right.scheme && left.host == right.host && left.path == right.path
    }

    /// The commonest mistake: 127.0.0.1 for localhost, or the other way round.
    private static func differsByLoopbackName(_ left: GoURL, _ registered: String) -> Bool {
        guard let right = GoURL(loopback: registered) else { return false }
        return left.hostname != right.hostname && left.scheme == right.scheme && left.port == right.port
            && left.path == right.path && left.query == right.query
    }

    private func plain(_ uri: String, _ rule: String) -> Rejection {
        Rejection(
            .redirectURIPlain,
            "redirect_uri is \"\(uri.truncated)\"; \(rule) unless its devMode is true in the seed"
        )
    }
}
