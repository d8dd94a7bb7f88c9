import Encodings
public import Model
public import OAuth

/// Where and how an app awaits the answer to its authorization request.
public struct Callback: Sendable {
    /// The answer as the browser carries it to the app.
    public enum Answer: Sendable, Equatable {
        /// 302 to this address.
        case redirect(String)
        /// A form that posts itself (OAuth 2.0 Form Post Response Mode).
        case form(action: String, fields: [Field])
    }

    /// A parameter of the answer.
    public struct Field: Sendable, Equatable {
        public let name: String
        public let value: String
    }

    let redirectURI: String
    let mode: ResponseMode
    let state: String

    /// The answer with these parameters and the state of the request, in alphabetical order.
    /// - Parameters:
    ///   - keepsEmptyState: whether the parameter `state` is there even if the request had none, as ZITADEL's code answers have it.
    ///   - escapesFragmentTwice: whether the encoded parameters become the decoded fragment, so that their percent signs are escaped once more, as
    ///     ZITADEL does.
    func answer(
        _ parameters: [(String, String)], keepsEmptyState: Bool = false, escapesFragmentTwice: Bool = true
    ) -> Answer {
        var fields = parameters.map { Field(name: $0.0, value: $0.1) }
        if keepsEmptyState || !state.isEmpty { fields.append(Field(name: "state", value: state)) }
        fields.sort { $0.name < $1.name }
        let pairs = fields.map { (name: $0.name, value: $0.value) }
        switch mode {
        case .formPost: return .form(action: redirectURI, fields: fields)
        case .fragment:
            let encoded = GoURL.encoded(pairs)
            let address = GoURL(redirectURI).map {
                escapesFragmentTwice ? $0.settingFragment(encoded) : $0.settingEscapedFragment(encoded)
            }
            return .redirect(address?.text ?? redirectURI + "#" + encoded)
        case .query: return .redirect(Self.adding(pairs, to: redirectURI))
        }
    }

    /// An error answer (RFC 6749 section 4.1.2.1).
    /// - Parameter dialect: `documented` escapes a fragment once, so that apps read the error as RFC 6749 says.
    public func error(_ error: OAuthErrorCode, _ description: String?, in dialect: Dialect) -> Answer {
        answer(
            [("error", error.rawValue)] + (description.map { [("error_description", $0)] } ?? []),
            escapesFragmentTwice: dialect == .server)
    }

    /// The address with more parameters in its query, all of them written anew and sorted by name.
    static func adding(_ parameters: [(name: String, value: String)], to address: String) -> String {
        GoURL(address)?.adding(parameters).text ?? address + "?" + GoURL.encoded(parameters)
    }
}
