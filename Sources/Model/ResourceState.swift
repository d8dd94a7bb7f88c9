/// The state of an organization, project, app or grant.
public enum ResourceState: String, Sendable, CaseIterable {
    case active, inactive
}
