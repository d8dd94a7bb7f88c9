import HTTP
import Provider

/// What one row of the table of routes leads to.
struct EndpointRoute: Sendable {
    /// How the request is answered, and what all answers of its kind share.
    enum Handler: Sendable {
        /// Health checks and the like, which do not depend on the host.
        case operational(@Sendable (Application, Exchange) -> HTTPResponse)
        /// A health check of ZITADEL's other APIs, with this body.
        case gateway(String)
        /// An endpoint of OAuth or OpenID Connect, which gets the issuer: web pages of allowed origins may read its answers.
        case oidc(@Sendable (Application, Exchange, String) -> HTTPResponse)
        /// A page: other origins must not read it, so it carries no CORS headers.
        case page(@Sendable (Application, Exchange, RequestContext) throws -> HTTPResponse)
    }

    /// What journal and faults call it.
    let name: EndpointName
    let handler: Handler

    init(_ name: EndpointName, _ handler: Handler) {
        self.name = name
        self.handler = handler
    }

    /// What a request leads to.
    enum Destination: Sendable {
        case found(EndpointRoute)
        /// The path has routes of other methods, such as this one.
        case methodNotAllowed(EndpointRoute, allowed: [String])
        case notFound

        var name: EndpointName {
            switch self {
            case .found(let route), .methodNotAllowed(let route, _): route.name
            case .notFound: .unknown
            }
        }
    }
}
