import Crypto
import Encodings
import Model
import OAuth
import Storage

/// `/oauth/v2/device_authorization` (RFC 8628 section 3.1).
public struct DeviceAuthorizationEndpoint {
    /// Letters that are hard to take for others, and form no words.
    private static let alphabet = Array("BCDFGHJKLMNPQRSTVWXZ")
    /// Seconds that a device shall wait between two questions. ZITADEL does not punish those who do not.
    private static let interval: Int64 = 5

    private let context: RequestContext

    public init(_ context: RequestContext) {
        self.context = context
    }

    /// - Throws: `Rejection`, or other errors when the server fails.
    public func authorize() throws -> EndpointResult {
        let now = context.now
        let caller = try RequestClient.authenticated(context)
        guard case .app(let client) = caller else {
            throw Rejection(
                .deviceFlowOfServiceUser,
                "service user \(caller.name) has no project; a device authenticates as an app of type oidc, without grant_type"
            )
        }
        let grants = client.app.oidc?.grantTypes ?? []
        if !grants.contains(.deviceCode) {
            context.trace.warn(
                .grantNotAllowed,
                "the device code cannot be redeemed: app \"\(client.app.name)\" lacks the grant type device_code")
        }
        // What was sent is kept as it is; ZITADEL filters scopes at other endpoints only.
        var scopes = Scope.split(context.form.last("scope") ?? "").filter { !$0.isEmpty }
        for scope in scopes { try refuseNUL(in: scope, of: "a scope") }
        if context.behavior.checksOrganizationScopes { try OrganizationScopes.check(scopes, context.resourceIndex) }
        scopes += ScopePolicy.assertedRoles(besides: scopes, of: client.project)
        let code = Base64.urlEncoded(context.randomBytes(16))
        let lifetime = context.settings.lifetimes.deviceCode.seconds
        var device = DeviceAuthorization(
            digest: tokenDigest(code), userCode: userCode(), clientID: client.app.clientID, scopes: scopes,
            expiration: now.seconds + lifetime)
        while try !context.storage.insert(device) { device.userCode = userCode() }
        let page = context.issuer + PagePath.device
        let answer: JSONObject = [
            "device_code": .string(code), "user_code": .string(device.userCode), "verification_uri": .string(page),
            "verification_uri_complete": .string("\(page)?user_code=\(device.userCode)"),
            "expires_in": .integer(lifetime), "interval": .integer(Self.interval),
        ]
        return .object(answer)
    }

    private func userCode() -> String {
        var letters = ""
        while letters.count < 8 {
            // Bytes from 240 on would favor the first letters.
            for byte in context.randomBytes(8) where byte < 240 && letters.count < 8 {
                letters.append(Self.alphabet[Int(byte) % Self.alphabet.count])
            }
        }
        return letters.prefix(4) + "-" + letters.suffix(4)
    }
}
