/// What a reset may be limited to.
public enum ResetPart: String, Sendable, CaseIterable {
    case tokens, sessions, clock, faults, requests, lint, resources, signingKeys

    /// Everything but the signing keys, which clients cache.
    public static let defaultParts = allCases.filter { $0 != .signingKeys }
}
