public import Encodings

/// The JSON Schema (2020-12) of the seed format, for editors.
public enum SeedSchema {
    public static var document: JSON {
        var definitions: [(name: String, schema: JSON)] = []
        var seed = schema(SeedFormat.seed, &definitions)
        var top: JSONObject = [
            "$schema": .string("https://json-schema.org/draft/2020-12/schema"),
            "title": .string("Seed of mock-zitadel"),
        ]
        top.members += seed.members
        seed = top
        var sorted = JSONObject()
        for definition in definitions.sorted(by: { $0.name < $1.name }) {
            sorted.append(definition.name, definition.schema)
        }
        seed.append("$defs", .object(sorted))
        return .object(seed)
    }

    private static func reference(
        _ format: ObjectFormat, _ definitions: inout [(name: String, schema: JSON)]
    ) -> JSONObject {
        if !definitions.contains(where: { $0.name == format.name }) {
            let index = definitions.count
            definitions.append((format.name, .null))
            definitions[index].schema = .object(schema(format, &definitions))
        }
        return ["$ref": .string("#/$defs/\(format.name)")]
    }

    private static func schema(
        _ format: ObjectFormat, _ definitions: inout [(name: String, schema: JSON)]
    ) -> JSONObject {
        var properties = JSONObject()
        for member in format.members {
            var schema = schema(member.value, &definitions)
            schema.append("description", .string(member.description))
            properties.append(member.name, .object(schema))
        }
        var object: JSONObject = ["type": .string("object"), "properties": .object(properties)]
        let required = format.members.filter(\.isRequired).map(\.name)
        if !required.isEmpty { object.append("required", .strings(required)) }
        object.append("patternProperties", .object(["^x-": .bool(true)]))
        object.append("additionalProperties", .bool(false))
        if !format.exactlyOneOf.isEmpty {
            object.append("oneOf", .array(format.exactlyOneOf.map { .object(["required": .strings([$0])]) }))
        }
        return object
    }

    private static func schema(_ format: ValueFormat, _ definitions: inout [(name: String, schema: JSON)]) -> JSONObject
    {
        func string(_ more: JSONObject = [:]) -> JSONObject {
            var object: JSONObject = ["type": .string("string")]
            object.members += more.members
            return object
        }
        // A text that holds a variable of the environment is checked after the variable is filled in, so the schema lets it pass.
        func pattern(_ pattern: String) -> JSONObject { string(["pattern": .string("(\(pattern))|\\$\\{")]) }
        switch format {
        case .text(let minimum): return string(minimum > 0 ? ["minLength": .integer(Int64(minimum))] : [:])
        case .flag: return ["type": .string("boolean")]
        case .choice(_, let values):
            return [
                "anyOf": .array([.object(["enum": .strings(values)]), .object(string(["pattern": .string("\\$\\{")]))])
            ]
        case .id: return pattern("^[0-9]{1,20}$")
        case .duration: return pattern("^([0-9]+h([0-9]+m)?([0-9]+s)?|[0-9]+m([0-9]+s)?|[0-9]+s)$")
        case .time:
            return pattern(
                "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$")
        case .uri: return pattern("^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$")
        case .origin: return pattern("^https?://[A-Za-z0-9.:_\\[\\]-]+$")
        case .host: return pattern("^[A-Za-z0-9.:_\\[\\]-]+$")
        case .token(let minimum): return pattern("^[!-~]{\(minimum),}$")
        case .list(let element): return ["type": .string("array"), "items": .object(schema(element, &definitions))]
        case .object(let object): return reference(object, &definitions)
        case .variants(let tag, _, let variants):
            let choices = variants.map { variant -> JSON in
                let condition: JSONObject = ["properties": .object([tag: .object(["const": .string(variant.value)])])]
                return .object(["if": .object(condition), "then": .object(reference(variant.format, &definitions))])
            }
            return [
                "type": .string("object"), "required": .strings([tag]),
                "properties": .object([tag: .object(["enum": .strings(variants.map(\.value))])]),
                "allOf": .array(choices),
            ]
        case .textOrObject(let object):
            return [
                "anyOf": .array([.object(string(["minLength": .integer(1)])), .object(reference(object, &definitions))])
            ]
        case .stringMap: return ["type": .string("object"), "additionalProperties": .object(string())]
        case .anyObject: return ["type": .string("object")]
        }
    }
}
