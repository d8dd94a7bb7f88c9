import Encodings
public import Model

extension Formats {
    /// `organizations[].projects[]`
    public static let project = Format<Project>(
        "project",
        defaults: Project(
            id: "", organizationID: "", name: "", state: .active, roles: [], projectRoleAssertion: false,
            projectRoleCheck: false, hasProjectCheck: false),
        [
            .id(\.id),
            .text(
                "name", \.name,
                "Unique in the organization. May be left out, with an id, where the project of another file is extended.",
                shape: .name),
            .choice("state", \.state, "a state", ""),
            .boolean("projectRoleAssertion", \.projectRoleAssertion, "Roles are added to tokens and userinfo."),
            .boolean("projectRoleCheck", \.projectRoleCheck, "Only users with a role of the project may sign in."),
            .boolean(
                "hasProjectCheck", \.hasProjectCheck, "Only users of organizations that have the project may sign in."),
            Field(
                "roles", .list(.textOrObject(role.shape)), "Role keys, or objects with key, displayName and group.",
                encode: { project in
                    project.roles.isEmpty
                        ? nil
                        : .array(
                            project.roles.map {
                                $0.displayName.isEmpty && $0.group.isEmpty ? .string($0.key) : .object(role.encode($0))
                            })
                }),
            .structural("apps", .list(app), "Apps of the project."),
            .structural(
                "grants", .list(.object(projectGrant.shape)), "Organizations that may grant the project's roles."),
        ], atLeastOneOf: ["name", "id"])

    /// `organizations[].projects[].roles[]`
    public static let role = Format<ProjectRole>(
        "role", defaults: ProjectRole(key: "", displayName: "", group: ""),
        [
            .text("key", \.key, "The role in tokens.", shape: .name, isRequired: true),
            .text("displayName", \.displayName, "Display only."), .text("group", \.group, "Display only."),
        ])

    /// `organizations[].projects[].grants[]`
    public static let projectGrant = Format<ProjectGrant>(
        "projectGrant", defaults: ProjectGrant(id: "", projectID: "", organizationID: "", roles: [], state: .active),
        [
            .id(\.id),
            Field(
                "organization", filledText, isRequired: true, "Id or unique name.",
                decode: { json, grant, context in
                    guard let reference = json.string else { return }
                    grant.organizationID = context.decoder.organization(reference, context.location)?.id ?? ""
                },
                encode: { .string($0.organizationID) }),
            .list("roles", \.roles, of: filledText, "Role keys of the project."),
            .choice("state", \.state, "a state", ""),
        ], listLimit: Shape.countLimit)
}
