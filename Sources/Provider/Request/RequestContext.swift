import Encodings
public import Model
public import OAuth
import Storage

/// All that one request works with, taken once when it arrives: the instance as it was at that moment, the time, the parameters, and the trace.
///
/// Whatever changes while the request is being answered, its answer follows from one state and one moment.
public struct RequestContext {
    public let instance: Instance
    public let snapshot: Snapshot
    public let now: Timestamp
    public let form: FormParameters
    /// The value of the `Authorization` header.
    public let authorization: String?
    /// scheme://host[:port] of the request: what `aud` of assertions and `iss` of tokens must be.
    public let issuer: String
    public let trace: Trace
    /// What error responses look like: as the request asks for it, else as the settings do.
    public let dialect: Dialect

    /// - Parameters:
    ///   - form: the parameters of body and query.
    ///   - trace: collects what becomes known about the request.
    public init(
        instance: Instance, snapshot: Snapshot, now: Timestamp, form: FormParameters, authorization: String?,
        issuer: String, trace: Trace, dialect: Dialect? = nil
    ) {
        self.instance = instance
        self.snapshot = snapshot
        self.now = now
        self.form = form
        self.authorization = authorization
        self.issuer = issuer
        self.trace = trace
        self.dialect = dialect ?? snapshot.settings.dialect
    }

    public var settings: InstanceSettings { snapshot.settings }
    var behavior: VersionBehavior { snapshot.behavior }
    var resourceIndex: ResourceIndex { snapshot.resources }
    /// Whether the answer to an authorization request may be a form that posts itself. The interface by which the newer sign-in answers makes addresses
    /// only; the documents promise forms.
    var postsForms: Bool { dialect == .documented || !behavior.hasLoginV2 }
    var storage: Storage { instance.storage }

    func newID() -> String { instance.dependencies.newID() }
    func randomBytes(_ count: Int) -> [UInt8] { instance.dependencies.randomBytes(count) }

    /// Notes whom the request is about, whatever comes of it.
    func note(userID: String?) {
        if let user = userID.flatMap({ resourceIndex.user(id: $0) }) { trace.user = user.userName }
    }

    /// Words that say that the request has a body which was not read; empty when that is not so.
    var unreadBody: String {
        guard case .mediaType(let type) = form.missingBody else { return "" }
        let problem = type.map { "its Content-Type is \"\($0.truncated)\" and" } ?? "it has no Content-Type, and is"
        return "; the body was not read, because \(problem) not application/x-www-form-urlencoded"
    }

    /// The same for an endpoint whose parameters come in a form: also when the request has no body, or no method that has one.
    /// - Parameter name: the parameter that is missing.
    func missingForm(_ name: String) -> String {
        let misspelled = misspelling(of: name)
        guard misspelled.isEmpty else { return misspelled }
        return switch form.missingBody {
        case .empty: "; the request has no body"
        case .method(let method):
            "; a \(method.truncated) request has no form: send it by POST, or the parameter in the query"
        case .mediaType: unreadBody
        case nil: unexpectedForm
        }
    }

    /// Words that name a parameter that was meant to be the one that is missing; empty when there is none. Names count in whatever letter case they are.
    func misspelling(of name: String) -> String {
        let wanted = Self.folded(name)
        let found = form.parameters.prefix(100).first { parameter in
            guard parameter.name.utf8.count <= 40, parameter.name.lowercased() != name else { return false }
            let folded = Self.folded(parameter.name)
            return folded == wanted || name == "token" && Self.namesOfTokens.contains(folded)
        }
        return found.map { "; the request has the parameter \"\($0.name)\", send \(name) instead" } ?? ""
    }

    /// What is sent for the parameter `token`.
    private static let namesOfTokens: Set<String> = ["accesstoken", "refreshtoken", "idtoken", "jwt"]

    /// What a form holds that lacks a parameter.
    private var unexpectedForm: String {
        guard let first = form.parameters.first?.name.unicodeScalars else { return "" }
        if first.first(where: { !$0.properties.isWhitespace }) == "{" {
            return "; the body is JSON: send name=value, joined by &"
        }
        if first.first == "\u{1F}" { return "; the body is compressed, which is not decoded" }
        // What is not spelled as a name may be a secret.
        let names = form.parameters.map(\.name).filter { name in
            name.utf8.count <= 40 && name.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "_") }
        }
        return names.isEmpty ? "" : "; the request has \(names.abridgedList)"
    }

    /// A name as other spellings have it: `grantType`, `grant-type`.
    private static func folded(_ name: String) -> String { name.lowercased().filter { $0 != "_" && $0 != "-" } }

    /// Warns of parameters of which one counts.
    public func warnOfRepeatedParameters() {
        if let name = form.firstRepeated(of: Self.singleParameters) {
            let counted = name == "grant_type" ? "first" : "last"
            trace.warn(
                .parameterRepeated, "\(name) is there more than once with different values; the \(counted) one counts")
        }
    }

    /// Warns when the request has a body that was not read, which otherwise nothing shows.
    public func warnOfUnreadBody() {
        guard case .mediaType = form.missingBody else { return }
        trace.warn(.bodyNotRead, "the request was answered without the parameters of its body\(unreadBody)")
    }

    /// Warns of a parameter that other servers know.
    func warnOfAudience() {
        guard form.last("audience")?.isEmpty == false else { return }
        trace.warn(
            .parameterIgnored,
            "audience is ignored; ask for one by the scope \(Scope.audience(ofProject: "{projectId}"))")
    }

    /// The parameters of OAuth and OpenID Connect that have one value (RFC 6749 section 3.1: they must not be repeated).
    private static let singleParameters: Set<String> = [
        "access_token", "assertion", "client_assertion", "client_assertion_type", "client_id", "client_secret", "code",
        "code_challenge", "code_challenge_method", "code_verifier", "device_code", "grant_type", "id_token_hint",
        "login_hint", "max_age", "nonce", "password", "post_logout_redirect_uri", "prompt", "redirect_uri",
        "refresh_token", "request", "response_mode", "response_type", "scope", "state", "subject_token", "token",
        "token_type_hint", "user_code", "username",
    ]

    /// A parameter that must be there.
    /// - Throws: `Rejection` with `parameter_missing`, rendered as `<name> missing`.
    func required(_ name: String) throws(Rejection) -> String {
        guard let value = form.last(name), !value.isEmpty else {
            throw Rejection(
                .parameterMissing, "the parameter \(name) is missing or empty\(missingForm(name))", value: name)
        }
        return value
    }
}
