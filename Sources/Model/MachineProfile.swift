/// What only service users have.
public struct MachineProfile: Sendable, Equatable {
    public var name: String
    public var description: String
    public var accessTokenType: AccessTokenType

    public init(name: String, description: String, accessTokenType: AccessTokenType) {
        self.name = name
        self.description = description
        self.accessTokenType = accessTokenType
    }
}
