public import Encodings
public import OAuth

/// Why ZITADEL sends no answer to a redirect URI although the app has it: its rules for app types and development mode.
///
/// Requests are refused by these rules, and seeds are warned by the same.
public enum RedirectURIViolation: Sendable, Equatable, CaseIterable {
    /// A scheme other than http and https of an app that is not native.
    case customScheme
    /// http of a native app, and the host is not this computer.
    case plainNative
    /// http of a single-page app.
    case plainUserAgent
    /// http of a web app, with a response type other than `code`.
    case plainWebWithoutCode
}

extension OIDCSettings {
    /// What keeps a redirect URI that the app has from being used; nil when nothing does.
    /// - Parameter responseType: http of a web app is for codes only, which are of no use to an eavesdropper without the secret.
    public func violation(by uri: String, for responseType: ResponseType?) -> RedirectURIViolation? {
        let isPlain = uri.utf8.starts(with: "http://".utf8)
        switch appType {
        case .native: return !devMode && isPlain && GoURL(loopback: uri) == nil ? .plainNative : nil
        case .web, .userAgent: break
        }
        if uri.utf8.starts(with: "https://".utf8) { return nil }
        guard isPlain else { return .customScheme }
        if devMode { return nil }
        guard appType == .web else { return .plainUserAgent }
        return responseType == .code ? nil : .plainWebWithoutCode
    }

    /// What keeps a redirect URI from being used with any of the app's response types; nil when it can be used. Of a pattern, only what is in front of
    /// its first star counts.
    public func lastingViolation(by uri: String) -> RedirectURIViolation? {
        let literal = devMode ? String(uri.prefix { !Self.isSpecial($0) }) : uri
        // A pattern of schemes.
        guard literal == uri || literal.contains(":") else { return nil }
        let violations = responseTypes.map { violation(by: literal, for: $0) }
        return violations.contains(nil) ? nil : violations.first ?? nil
    }

    /// Whether a registered address stands for others, so that no browser can be sent to it as it is.
    public static func isPattern(_ uri: String) -> Bool { uri.contains(where: isSpecial) }

    private static func isSpecial(_ character: Character) -> Bool { character == "*" || character == "{" }

    /// Whether a code, the answer of a sign-in, can be exchanged for tokens.
    public var redeemsCodes: Bool { responseTypes.contains(.code) && grantTypes.contains(.authorizationCode) }
}

extension GoURL {
    /// Bytes of an address that is longer than any that is registered for its parts; a longer one is only compared as a whole.
    public static let parsedLimit = 8192

    /// An http or https address of this computer (RFC 8252 section 7.3), where ZITADEL counts the name `localhost` too; nil for any other.
    public init?(loopback uri: String) {
        guard uri.utf8.count <= Self.parsedLimit, let address = GoURL(uri),
            address.scheme == "http" || address.scheme == "https",
            address.hostname.hasSameBytes(as: "localhost") || IPAddress.isLoopback(address.hostname)
        else { return nil }
        self = address
    }
}

extension WebURL {
    /// An address that apps are notified of logouts at; nil for one that this server cannot call, which speaks no TLS.
    public init?(backChannelLogout uri: String) {
        guard let url = WebURL(uri), url.scheme == "http", !url.host.isEmpty else { return nil }
        self = url
    }
}
