import Encodings
import JOSE
import Model
import OAuth

/// `/oidc/v1/userinfo` (OpenID Connect Core section 5.3).
public struct UserInfoEndpoint {
    private let context: RequestContext

    public init(_ context: RequestContext) {
        self.context = context
    }

    /// The claims about the token's user.
    /// - Throws: `Rejection`, or other errors when the server fails.
    public func userInfo() throws -> EndpointResult {
        let resourceIndex = context.resourceIndex
        guard let text = Self.token(context) else {
            throw Rejection(
                .accessTokenMissing,
                "no access token\(Self.scheme(context.authorization)): send the header \"Authorization: Bearer TOKEN\" (in this spelling) or the parameter access_token\(context.unreadBody)"
            )
        }
        let token = try TokenReader(context).read(text)
        var own: Project?
        if case .session(let record, _) = token { own = resourceIndex.client(id: record.clientID)?.project }
        let profile = ProfileClaims(resourceIndex: resourceIndex, user: token.user, scopes: token.scopes)
        var claims = ClaimSet(standard: ["sub": .string(token.user.id)])
        claims.standard.members += profile.json.members
        claims.extra = ClaimSource.claims(
            ClaimRequest(
                resourceIndex: resourceIndex, user: token.user, scopes: token.scopes,
                roles: .audience(instanceProject: context.settings.projectID, own: own)))
        if case .session(let record, _) = token { claims.extra = claims.extra.replacing(record.extraClaims) }
        return .object(claims.json)
    }

    /// Words that say which scheme the header has instead of Bearer; empty without one.
    private static func scheme(_ header: String?) -> String {
        guard let header else { return "" }
        let scheme = header.unicodeScalars.prefix(20).prefix { $0.isASCII && $0.properties.isAlphabetic }
        let rest = header.unicodeScalars[scheme.endIndex...]
        guard rest.first == " " else {
            return rest.first == ":" && !scheme.isEmpty
                ? " (the Authorization header has a colon after \"\(String(scheme))\")"
                : " (the Authorization header has no scheme, or no token after it)"
        }
        if header.hasPrefix("Bearer Bearer ") { return " (the Authorization header has the word Bearer twice)" }
        return " (the Authorization header has the scheme \"\(String(scheme))\")"
    }

    /// What follows `Bearer ` in the header, in this spelling and only once; what precedes it does not matter. Otherwise the parameter.
    private static func token(_ request: RequestContext) -> String? {
        let sent = request.authorization.flatMap { bearerToken(Array($0.utf8)) }
        let token = sent ?? request.form.last("access_token") ?? ""
        return token.isEmpty ? nil : token
    }

    private static func bearerToken(_ header: [UInt8]) -> String? {
        let scheme = Array("Bearer ".utf8)
        var start: Int?
        // A header may be a megabyte, and general searches take long for each of its bytes.
        for index in header.indices where header[index] == scheme[0] && header[index...].starts(with: scheme) {
            guard start == nil else { return nil }
            start = index + scheme.count
        }
        return start.map { String(decoding: header[$0...], as: UTF8.self) }
    }
}
