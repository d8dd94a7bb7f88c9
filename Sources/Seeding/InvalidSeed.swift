public import ResourceFormat

/// All that is wrong with a seed; nothing of it was loaded.
public struct InvalidSeed: Error, Sendable {
    public let problems: [Diagnostic]
    public var warnings: [Diagnostic] = []
}
