import Model

/// What a reset brings an instance back to: the seed that was loaded last, or what the database held when the server started without one.
struct InitialState: Sendable {
    var resources: Resources
    /// Those that the seed pins.
    var signingKeys: [SigningKey] = []
    var overrides: SettingsOverrides
}
