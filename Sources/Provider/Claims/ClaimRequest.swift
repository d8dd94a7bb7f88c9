import Model

/// Whose claims are wanted, and for what.
struct ClaimRequest: Sendable {
    let resourceIndex: ResourceIndex
    let user: User
    let scopes: [String]
    let roles: RoleClaims
}
