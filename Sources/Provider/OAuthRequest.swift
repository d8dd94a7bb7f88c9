public import OAuth

/// What an endpoint needs to know of an HTTP request.
public struct OAuthRequest: Sendable {
    public let form: FormParameters
    /// The value of the `Authorization` header.
    public let authorization: String?
    /// scheme://host[:port] that the request came by: what `aud` of assertions and `iss` of tokens must be.
    public let issuer: String

    public init(form: FormParameters, authorization: String?, issuer: String) {
        self.form = form
        self.authorization = authorization
        self.issuer = issuer
    }

    /// A parameter that must be there.
    /// - Throws: `Rejection` with `parameter_missing`, told as `<name> missing`.
    func required(_ name: String) throws(Rejection) -> String {
        guard let value = form.last(name), !value.isEmpty else {
            throw Rejection(.parameterMissing, "the parameter \(name) is missing or empty", value: name)
        }
        return value
    }
}

/// Something that passes here but will bite elsewhere, or the other way round; told in the header `Mock-Warning`.
public struct Warning: Sendable, Equatable {
    public let code: String
    public let detail: String

    public init(_ code: String, _ detail: String) {
        self.code = code
        self.detail = detail
    }
}
