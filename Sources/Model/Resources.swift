/// Everything that a seed can say and the database keeps, but for tokens: flat lists, each in the order of creation.
public struct Resources: Sendable, Equatable {
    public var settings = InstanceSettings()
    public var organizations: [Organization] = []
    public var projects: [Project] = []
    public var projectGrants: [ProjectGrant] = []
    public var apps: [App] = []
    public var users: [User] = []
    public var userGrants: [UserGrant] = []
    public var keys: [RegisteredKey] = []
    public var personalAccessTokens: [PersonalAccessToken] = []
    /// Keys that the seed pins; empty when the server makes its own.
    public var signingKeys: [SigningKey] = []

    public init() {}
}
