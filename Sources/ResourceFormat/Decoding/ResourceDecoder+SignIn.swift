import Encodings
import Model
import OAuth

/// Warnings of apps that nobody can sign in to, by the rules that requests are refused by.
extension ResourceDecoder {
    /// Warns when there are no addresses to return to, and of those that no request can name, or that cannot be called.
    /// - Parameter doubtful: members from which nothing follows, because they were refused or are mistyped.
    func warnOfSignIn(_ app: App, _ node: Node, doubtful: Set<String>) {
        guard let oidc = app.oidc else { return }
        if doubtful.isDisjoint(with: ["grantTypes", "responseTypes"]) { warnOfGrants(oidc, node, doubtful: doubtful) }
        for (name, uris) in [
            ("redirectUris", oidc.redirectUris), ("postLogoutRedirectUris", oidc.postLogoutRedirectUris),
        ] {
            for (index, uri) in uris.enumerated() where TextRules.problem(uri, .redirectURI) == nil {
                let isForAnswers = name == "redirectUris" && doubtful.isDisjoint(with: Self.ruleMembers)
                let violation = isForAnswers ? oidc.lastingViolation(by: uri).map { Self.advice($0, uri) } : nil
                guard let reason = Self.mismatch(of: uri, devMode: oidc.devMode) ?? violation else { continue }
                diagnostics.warn(node.member(name).element(index), "\(TextRules.quoted(uri)) \(reason)")
            }
        }
        guard let uri = oidc.backChannelLogoutUri, WebURL(backChannelLogout: uri) == nil,
            TextRules.problem(uri, .redirectURI) == nil
        else { return }
        diagnostics.warn(
            node.member("backChannelLogoutUri"),
            Self.host(of: uri) == nil
                ? "\(TextRules.quoted(uri)) has no host that could be called; expected http:// and a host"
                : "\(TextRules.quoted(uri)) is never called: this server notifies over http:// only")
    }

    /// The members that decide which addresses can be used.
    private static let ruleMembers = ["appType", "devMode", "responseTypes"]

    private func warnOfGrants(_ oidc: OIDCSettings, _ node: Node, doubtful: Set<String>) {
        let usesRedirects = oidc.grantTypes.contains(.authorizationCode) || oidc.grantTypes.contains(.implicit)
        if oidc.redirectUris.isEmpty, !doubtful.contains("redirectUris"), usesRedirects {
            diagnostics.warn(node.location, "an app without redirectUris cannot sign anybody in; add redirectUris")
        }
        // What is not a grant type was reported, and nothing follows from a list that is empty then.
        guard !oidc.grantTypes.isEmpty else { return }
        if oidc.grantTypes.allSatisfy({ $0 == .refreshToken }) {
            diagnostics.warn(
                node.member("grantTypes"),
                "an app with refresh_token alone never gets a token to refresh; add \"authorization_code\" or \"device_code\""
            )
        } else if !oidc.redirectUris.isEmpty, !oidc.redeemsCodes, oidc.responseTypes.allSatisfy({ $0 == .code }) {
            diagnostics.warn(
                node.member("grantTypes"),
                "no code can be exchanged for tokens without \"authorization_code\"; add it, or leave out redirectUris")
        }
    }

    /// Why no answer is ever sent to an address, and what to do.
    private static func advice(_ violation: RedirectURIViolation, _ uri: String) -> String {
        let scheme = uri.prefix { $0 != ":" }
        if violation == .customScheme, ["http", "https"].contains(scheme.lowercased()) {
            return "can never be used: its scheme is in capital letters; write \(scheme.lowercased())"
        }
        let (rule, cure) =
            switch violation {
            case .customScheme: ("only apps of type native may use a scheme of their own", "set appType to \"native\"")
            case .plainNative: ("apps of type native may use http for loopback addresses only", "set devMode to true")
            case .plainUserAgent: ("apps of type user_agent may not use http", "set devMode to true")
            case .plainWebWithoutCode:
                ("apps of type web may use http with response type code only", "set devMode to true")
            }
        return "can never be used: \(rule); use https, or \(cure)"
    }

    /// Why no browser can be sent to an address; nil when one can.
    private static func mismatch(of uri: String, devMode: Bool) -> String? {
        let scheme = uri.prefix { $0 != ":" }.lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = uri.dropFirst(scheme.count + 1)
        guard rest.hasPrefix("//") else { return "has no \"//\" after the scheme; it can never match" }
        let authority = rest.dropFirst(2).prefix { !"/?#".contains($0) }
        if authority.isEmpty || authority.hasPrefix(":") { return "has no host; it can never match" }
        if rest.contains(","), uri.firstRange(of: "://").map({ uri[$0.upperBound...].contains("://") }) == true {
            return "holds several addresses; write each as an element of the list"
        }
        let hasPattern = authority.contains { "*{".contains($0) }
        if hasPattern, !devMode { return "is a pattern, which can never match without devMode" }
        let mayBePattern = devMode && authority.contains { "*{[\\".contains($0) }
        guard WebURL(uri) == nil, !mayBePattern else { return nil }
        return "has a host or port that is none; it can never match"
    }

    /// The host of an address that a server can call.
    private static func host(of uri: String) -> String? {
        guard let url = WebURL(uri), url.scheme == "http" || url.scheme == "https", !url.host.isEmpty else {
            return nil
        }
        return url.host
    }
}
