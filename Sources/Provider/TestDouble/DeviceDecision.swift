import Storage
public import Model

/// Approves or denies a device without a browser, as ZITADEL's own API does for a login of one's own.
public struct DeviceDecision {
    /// What a user says.
    public enum Choice: String, Sendable, CaseIterable {
        case approve, deny
    }

    private let context: RequestContext

    public init(_ context: RequestContext) {
        self.context = context
    }

    /// - Parameters:
    ///   - userCode: with or without its hyphen, in any letter case.
    ///   - user: who approves; nil to deny.
    /// - Returns: the device as it is afterwards; nil when none is waiting with this code.
    /// - Throws: `StorageError`
    public func decide(_ userCode: String, by user: User?) throws -> DeviceAuthorization? {
        let code = DeviceVerification.normalized(userCode)
        guard let device = try context.storage.device(userCode: code), device.state == .pending,
            context.now.seconds < device.expiration
        else { return nil }
        let authentication = user.map {
            Authentication(userID: $0.id, sessionID: context.newID(), amr: ["pwd"], time: context.now.seconds)
        }
        if let authentication {
            try context.storage.save(LoginSession(authentication: authentication, browser: LoginSession.noBrowser))
        }
        guard try context.storage.decide(device: code, authentication) else { return nil }
        return try context.storage.device(userCode: code)
    }
}
