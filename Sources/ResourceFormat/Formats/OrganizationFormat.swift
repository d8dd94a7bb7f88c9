public import Model

extension Formats {
    /// `organizations[]`
    public static let organization = Format<Organization>(
        "organization",
        defaults: Organization(
            id: "", name: "", primaryDomain: "", domains: [], state: .active, userLoginMustBeDomain: true),
        [
            .id(\.id),
            .text(
                "name", \.name,
                "Unique. May be left out, with an id, where the organization of another file is extended.", shape: .name
            ),
            .text(
                "primaryDomain", \.primaryDomain,
                "Default: the name in lower case with spaces as hyphens, then .localhost.", shape: .host),
            .list("domains", \.domains, of: .host, "Further verified domains."),
            .choice("state", \.state, "a state", ""),
            .boolean(
                "userLoginMustBeDomain", \.userLoginMustBeDomain,
                "Whether login names are userName@primaryDomain, or just user names."),
            .structural("projects", .list(.object(project.shape)), "Projects of the organization."),
            .structural("users", .list(user), "Users of the organization."),
        ], atLeastOneOf: ["name", "id"])
}
