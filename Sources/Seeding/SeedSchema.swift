public import Encodings
import ResourceFormat

/// The JSON Schema (2020-12) of the seed format, for editors.
public enum SeedSchema {
    public static var document: JSON {
        var schema = JSONSchema(referencePrefix: "#/$defs/", allowsVariables: true)
        var document: JSONObject = [
            "$schema": .string("https://json-schema.org/draft/2020-12/schema"),
            "title": .string("Seed of mock-zitadel"),
        ]
        document.members += schema.schema(Formats.seed).members
        document.append("$defs", .object(schema.definitions))
        return .object(document)
    }
}
