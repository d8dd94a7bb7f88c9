import Encodings
import Model

/// Where and how an app awaits the answer to its authorization request.
public struct Callback: Sendable {
    /// The answer as the browser carries it to the app.
    public enum Answer: Sendable, Equatable {
        /// 302 to this address.
        case redirect(String)
        /// A form that posts itself (OAuth 2.0 Form Post Response Mode).
        case form(action: String, fields: [Field])
    }

    public struct Field: Sendable, Equatable {
        public let name: String
        public let value: String
    }

    let redirectURI: String
    let mode: ResponseMode
    let state: String

    /// The answer with these parameters and the state of the request, in alphabetical order as Go encodes them.
    func answer(_ parameters: [(String, String)]) -> Answer {
        var fields = parameters.map { Field(name: $0.0, value: $0.1) }
        if !state.isEmpty { fields.append(Field(name: "state", value: state)) }
        fields.sort { $0.name < $1.name }
        switch mode {
        case .formPost: return .form(action: redirectURI, fields: fields)
        case .fragment: return .redirect(redirectURI + "#" + Self.encoded(fields))
        case .query: return .redirect(Self.adding(Self.encoded(fields), to: redirectURI))
        }
    }

    /// An error answer (RFC 6749 section 4.1.2.1).
    public func error(_ error: String, _ description: String?) -> Answer {
        answer([("error", error)] + (description.map { [("error_description", $0)] } ?? []))
    }

    static func encoded(_ fields: [Field]) -> String {
        fields.map { PercentEncoding.queryEscaped($0.name) + "=" + PercentEncoding.queryEscaped($0.value) }.joined(
            separator: "&")
    }

    /// The address with more in its query.
    static func adding(_ query: String, to address: String) -> String {
        guard !query.isEmpty else { return address }
        let sides = address.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let joint = sides[0].contains("?") ? (sides[0].hasSuffix("?") ? "" : "&") : "?"
        let fragment = sides.count > 1 ? "#\(sides[1])" : ""
        return "\(sides[0])\(joint)\(query)\(fragment)"
    }
}
