/// A rejection: thrown by whatever finds something wrong, turned into status, headers and body by the one place that knows the dialects.
public struct Rejection: Error, Sendable {
    /// The value of the rejection of a token whose user was removed with the organization, which the real server reports in another way.
    public static let organizationRemoved = "organization removed"

    public let reason: Reason
    /// For the person who reads the log: what was wrong, the value met, the value expected. No secret, no token.
    public let detail: String
    /// What the server puts into its own text, where that has a gap: a grant type, a parameter's name.
    public let value: String
    /// The internal cause in the words of ZITADEL, for the member `parent` of the feature `debugOidcParentError`.
    public let cause: String?
    /// A rejection of the client that came to light at the same time. By ZITADEL's documentation the error of the client is reported first; the server does the opposite.
    public var deferredClientError: Rejection? { deferred.first }
    /// At most one; a structure cannot hold another of its kind.
    private let deferred: [Rejection]
    /// Whether it is the assertion of a jwt-bearer grant that was refused, not a client's.
    public private(set) var isOfGrantAssertion = false
    /// Where the app awaits the answer, when it is verified; by ZITADEL's documentation the app gets the error, the server shows it to the user.
    public private(set) var callback: Callback?

    public init(
        _ reason: Reason, _ detail: String, value: String = "", cause: String? = nil,
        deferredClientError: Rejection? = nil
    ) {
        self.reason = reason
        self.detail = Masking.withoutTokens(detail)
        self.value = value
        self.cause = cause
        deferred = deferredClientError.map { [$0] } ?? []
    }

    /// The same rejection, about the assertion of a jwt-bearer grant.
    func ofGrantAssertion() -> Rejection {
        var copy = self
        copy.isOfGrantAssertion = true
        return copy
    }

    /// The same rejection, of a request whose app and redirect URI are known good.
    func returning(to callback: Callback?) -> Rejection {
        var copy = self
        copy.callback = callback
        return copy
    }
}
