public import OAuth

/// A rejection: thrown by whatever finds something wrong, turned into status, headers and body by the one place that knows the dialects.
public struct Rejection: Error, Sendable {
    /// A kind within a reason that the real server reports in another way.
    public enum Variant: Sendable, Equatable {
        /// A token whose user was removed with the organization.
        case organizationRemoved
        /// A NUL character in a token.
        case inToken
        /// An `id_token_hint` whose `kid` is unknown.
        case unknownKey
        /// An `id_token_hint` or a `request` whose signature does not verify.
        case badSignature
        /// A `request` that is not a JWT.
        case notAJWT
        /// A `request` with the `client_id` of another client.
        case wrongClientID
        /// A `request` with another `response_type` than the authorization request.
        case wrongResponseType
        /// A `request` whose `iss` is not its `client_id`.
        case wrongIssuer
        /// A `request` whose `aud` does not hold the issuer.
        case wrongAudience
        /// A scope with the id of an organization that does not exist.
        case unknownOrganizationID
        /// A user who may not get the tokens of a device.
        case ofDeviceCode
        /// What a fault of a test refuses with.
        case injected(OAuthErrorCode)
    }

    public let reason: Reason
    /// For the reader of the log: what was wrong, the value met, the value expected. No secret, no token.
    public private(set) var detail: String
    /// What the server puts into its own text, where that has a gap: a grant type, a parameter's name.
    public let value: String
    public let variant: Variant?
    /// For the member `parent` of the feature `debugOidcParentError`.
    public let cause: Cause?
    /// A rejection of the client that came to light at the same time. By ZITADEL's documentation the error of the client is reported first; the server does the opposite.
    public var deferredClientError: Rejection? { deferred.first }
    /// At most one; a structure cannot hold another of its kind.
    private var deferred: [Rejection]
    /// Whether it is the assertion of a jwt-bearer grant that was refused, not a client's.
    public private(set) var isOfGrantAssertion = false
    /// Where the app awaits the answer, when it is verified; by ZITADEL's documentation the app gets the error, the server shows it to the user.
    public private(set) var callback: Callback?

    public init(
        _ reason: Reason, _ detail: String, value: String = "", variant: Variant? = nil, cause: Cause? = nil,
        deferredClientError: Rejection? = nil
    ) {
        self.reason = reason
        self.detail = Masking.withoutTokens(detail)
        self.value = value
        self.variant = variant
        self.cause = cause
        deferred = deferredClientError.map { [$0] } ?? []
    }

    /// The same rejection, about the assertion of a jwt-bearer grant.
    func ofGrantAssertion() -> Rejection {
        var copy = self
        copy.isOfGrantAssertion = true
        return copy
    }

    /// The same rejection without words that are secrets.
    public func hiding(where isSecret: (String) -> Bool) -> Rejection {
        var copy = self
        copy.detail = Masking.hiding(detail, where: isSecret)
        copy.deferred = deferred.map { $0.hiding(where: isSecret) }
        return copy
    }

    /// The same rejection, of a request whose app and redirect URI are known good.
    public func returning(to callback: Callback?) -> Rejection {
        var copy = self
        copy.callback = callback
        return copy
    }
}
