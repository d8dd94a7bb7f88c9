import Crypto
import Encodings
import Model
import OAuth
import Storage

/// RFC 8628 section 3.4
struct DeviceCodeGrant: ClientGrant {
    let type = GrantType.deviceCode

    func exchange(_ context: RequestContext, client: Client) throws -> JSONObject {
        let code = try context.required("device_code")
        let digest = tokenDigest(code)
        guard let device = try context.storage.device(digest: digest) else {
            let mistake = try context.mistake(in: code)
                .map { "\($0); send the device_code of the device authorization response" }
            throw Rejection(
                .deviceCodeUnknown,
                "the device code \(mistake ?? "is unknown: it is too old, or comes from another database")")
        }
        context.note(userID: device.authentication?.userID)
        let authentication = try approval(of: device, for: client, context)
        guard let user = context.resourceIndex.user(id: authentication.userID), user.state == .active else {
            let user = context.resourceIndex.user(id: authentication.userID)
            let what = user.map { "user \($0.userName) is \($0.state.rawValue)" } ?? "the user was removed"
            throw Rejection(
                .userNotActive, "\(what) since the device was approved", variant: .ofDeviceCode)
        }
        guard try context.storage.session(id: authentication.sessionID) != nil else {
            throw Rejection(
                .sessionTerminated, "user \(user.userName) signed out before the device code was redeemed",
                variant: .ofDeviceCode)
        }
        let json = try context.issue(
            authentication, to: client, scopes: device.scopes, redeeming: .deviceCode(digest))
        guard let json else { throw used }
        return json
    }

    /// - Throws: `Rejection` unless the device is the client's, and a user has approved it in time.
    private func approval(
        of device: DeviceAuthorization, for client: Client, _ context: RequestContext
    ) throws(Rejection) -> Authentication {
        guard device.clientID == client.app.clientID else {
            throw Rejection(
                .deviceCodeUnknown,
                "the device code was issued to client \(device.clientID), and client \(client.app.clientID) sent it")
        }
        switch device.state {
        case .redeemed: throw used
        case .denied: throw Rejection(.deviceDenied, "the user denied the device at \(PagePath.device)")
        case .pending, .approved:
            guard context.now.seconds < device.expiration else {
                throw Rejection(
                    .deviceCodeExpired,
                    "the device code expired \(context.now.seconds - device.expiration) s ago; device codes live \(context.settings.lifetimes.deviceCode.text)"
                )
            }
        }
        guard device.state == .approved, let authentication = device.authentication else {
            throw Rejection(
                .devicePending,
                "nobody has entered the user code yet; open verification_uri_complete, or \(context.issuer)\(PagePath.device)"
            )
        }
        return authentication
    }

    private let used = Rejection(.deviceCodeUsed, "the device code was used before; each works once")
}
