/// The formats of all resources. Member names, types and defaults are a contract with everybody's seeds: extend them, never change them.
public enum Formats {
    /// A reference to a resource, or another text that is not empty.
    static let filledText = Shape.text(minimumLength: 1)

    /// A seed file.
    public static let seed = ObjectShape(
        name: "seed",
        members: [
            MemberShape(
                name: "$schema", value: .text(minimumLength: 0), isRequired: false,
                documentation: "Ignored; for editors."),
            MemberShape(
                name: "instance", value: .object(instance.shape), isRequired: false,
                documentation: "Settings of the instance."),
            MemberShape(
                name: "organizations", value: .list(.object(organization.shape)), isRequired: false,
                documentation: "Organizations with their projects and users."),
        ], atLeastOneOf: ["organizations", "instance"])
}
