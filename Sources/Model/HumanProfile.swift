/// What only human users have.
public struct HumanProfile: Sendable, Equatable {
    /// What the claim `gender` says (OpenID Connect Core section 5.1).
    public enum Gender: String, Sendable, CaseIterable {
        case female, male, diverse
    }

    public var firstName = ""
    public var lastName = ""
    public var nickName = ""
    public var displayName = ""
    /// BCP 47
    public var preferredLanguage: String?
    public var gender: Gender?
    public var email = ""
    public var emailVerified = false
    public var phone = ""
    public var phoneVerified = false
    public var picture = ""

    public init() {}
}
