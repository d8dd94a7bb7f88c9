public import Encodings

/// Writes shapes as JSON Schema (2020-12), for editors and for OpenAPI.
public struct JSONSchema {
    /// What stands before the name of a definition in a `$ref`.
    private let referencePrefix: String
    /// Whether strings may hold `${…}`, which is replaced before they are checked.
    private let allowsVariables: Bool
    private var collected: [(name: String, schema: JSON)] = []

    /// - Parameters:
    ///   - referencePrefix: such as `#/$defs/`, or `#/components/schemas/` in OpenAPI.
    ///   - allowsVariables: true for seed files, where a string may be a variable of the environment.
    public init(referencePrefix: String, allowsVariables: Bool) {
        self.referencePrefix = referencePrefix
        self.allowsVariables = allowsVariables
    }

    /// The definitions that the schemas written so far refer to, in order of their names.
    public var definitions: JSONObject {
        var object = JSONObject()
        for definition in collected.sorted(by: { $0.name < $1.name }) {
            object.append(definition.name, definition.schema)
        }
        return object
    }

    private mutating func reference(_ shape: ObjectShape) -> JSONObject {
        if !collected.contains(where: { $0.name == shape.name }) {
            let index = collected.count
            collected.append((shape.name, .null))
            collected[index].schema = .object(schema(shape))
        }
        return ["$ref": .string(referencePrefix + shape.name)]
    }

    /// The schema of an object, written out.
    public mutating func schema(_ shape: ObjectShape) -> JSONObject {
        var properties = JSONObject()
        for member in shape.members {
            var schema = schema(member.value)
            schema.append("description", .string(member.documentation))
            properties.append(member.name, .object(schema))
        }
        var object: JSONObject = ["type": .string("object"), "properties": .object(properties)]
        let required = shape.members.filter(\.isRequired).map(\.name)
        if !required.isEmpty { object.append("required", .strings(required)) }
        object.append("patternProperties", .object(["^x-": .bool(true)]))
        object.append("additionalProperties", .bool(false))
        func requiring(_ names: [String]) -> JSON { .object(["required": .strings(names)]) }
        if !shape.exactlyOneOf.isEmpty { object.append("oneOf", .array(shape.exactlyOneOf.map { requiring([$0]) })) }
        if !shape.atLeastOneOf.isEmpty { object.append("anyOf", .array(shape.atLeastOneOf.map { requiring([$0]) })) }
        let pairs = shape.exclusive.flatMap { set in
            set.indices.flatMap { first in set[(first + 1)...].map { requiring([set[first], $0]) } }
        }
        if !pairs.isEmpty { object.append("not", .object(["anyOf": .array(pairs)])) }
        return object
    }

    private func string(_ more: JSONObject = [:]) -> JSONObject {
        var object: JSONObject = ["type": .string("string")]
        object.members += more.members
        return object
    }

    /// The schema of a value; objects are references to definitions.
    public mutating func schema(_ shape: Shape) -> JSONObject {
        if case .pattern(let pattern) = shape {
            return string([
                "pattern": .string(pattern.expression), "examples": .strings([pattern.example]),
            ])
        }
        if let pattern = TextRules.pattern(shape) {
            return string(["pattern": .string(allowsVariables ? "(\(pattern))|\\$\\{" : pattern)])
        }
        switch shape {
        case .text(let minimum): return string(minimum > 0 ? ["minLength": .integer(Int64(minimum))] : [:])
        case .boolean: return ["type": .string("boolean")]
        case .choice(_, let values):
            guard allowsVariables else { return string(["enum": .strings(values)]) }
            return [
                "anyOf": .array([.object(["enum": .strings(values)]), .object(string(["pattern": .string("\\$\\{")]))])
            ]
        case .list(let element): return ["type": .string("array"), "items": .object(schema(element))]
        case .object(let object): return reference(object)
        case .variants(let tag, _, let variants):
            var choices: [JSON] = []
            for variant in variants {
                let condition: JSONObject = ["properties": .object([tag: .object(["const": .string(variant.value)])])]
                choices.append(
                    .object(["if": .object(condition), "then": .object(reference(variant.shape))]))
            }
            return [
                "type": .string("object"), "required": .strings([tag]),
                "properties": .object([tag: .object(["enum": .strings(variants.map(\.value))])]),
                "allOf": .array(choices),
            ]
        case .textOrObject(let object):
            return [
                "anyOf": .array([.object(string(["minLength": .integer(1)])), .object(reference(object))])
            ]
        case .metadata:
            let bytes: JSONObject = [
                "type": .string("object"), "properties": .object(["base64": .object(string())]),
                "required": .strings(["base64"]), "additionalProperties": .bool(false),
            ]
            return [
                "type": .string("object"),
                "additionalProperties": .object(["anyOf": .array([.object(string()), .object(bytes)])]),
            ]
        case .anyObject: return ["type": .string("object")]
        case .integer, .number, .oneOrList, .map, .either, .nullable, .any: return freeSchema(shape)
        default: return string()
        }
    }

    private mutating func freeSchema(_ shape: Shape) -> JSONObject {
        func anyOf(_ schemas: JSONObject...) -> JSONObject { ["anyOf": .array(schemas.map(JSON.object))] }
        switch shape {
        case .integer(let range):
            var object: JSONObject = ["type": .string("integer")]
            if range.lowerBound > .min { object.append("minimum", .integer(range.lowerBound)) }
            if range.upperBound < .max { object.append("maximum", .integer(range.upperBound)) }
            return object
        case .number(let range):
            return [
                "type": .string("number"), "minimum": .decimal("\(range.lowerBound)"),
                "maximum": .decimal("\(range.upperBound)"),
            ]
        case .oneOrList(let element):
            let schema = schema(element)
            return anyOf(schema, ["type": .string("array"), "items": .object(schema)])
        case .map(let element):
            return ["type": .string("object"), "additionalProperties": .object(schema(element))]
        case .either(let other, let object): return anyOf(schema(other), reference(object))
        case .nullable(let other): return anyOf(schema(other), ["type": .string("null")])
        default: return [:]
        }
    }
}
