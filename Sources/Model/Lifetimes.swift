public import Encodings

/// How long things live.
public struct Lifetimes: Sendable, Equatable {
    public var accessToken = GoDuration(seconds: 12 * 3600)
    public var idToken = GoDuration(seconds: 12 * 3600)
    public var refreshTokenIdle = GoDuration(seconds: 720 * 3600)
    public var refreshToken = GoDuration(seconds: 2160 * 3600)
    public var deviceCode = GoDuration(seconds: 5 * 60)
    public var authorizationCode = GoDuration(seconds: 10 * 60)

    public init() {}
}
