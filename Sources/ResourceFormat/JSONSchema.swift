public import Encodings

/// Writes shapes as JSON Schema (2020-12), for editors and for OpenAPI.
public struct JSONSchema {
    /// The prefix of a definition's name in a `$ref`.
    private let referencePrefix: String
    /// Whether strings may hold `${…}`, which is replaced before they are checked.
    private let allowsVariables: Bool
    private let source: ShapeChecker.Source
    private var collected: [(name: String, schema: JSON)] = []

    /// - Parameters:
    ///   - referencePrefix: such as `#/$defs/`, or `#/components/schemas/` in OpenAPI.
    ///   - allowsVariables: true for seed files, where a string may be a variable of the environment.
    ///   - source: how documents are checked; a call may send null for what it leaves out.
    public init(referencePrefix: String, allowsVariables: Bool, source: ShapeChecker.Source = .file) {
        self.referencePrefix = referencePrefix
        self.allowsVariables = allowsVariables
        self.source = source
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
            let mayBeNull = source == .call && !member.isRequired
            var schema = schema(mayBeNull ? .nullable(member.value) : member.value)
            schema.append("description", .string(member.documentation))
            properties.append(member.name, .object(schema))
        }
        var object: JSONObject = ["type": .string("object"), "properties": .object(properties)]
        let required = shape.members.filter(\.isRequired).map(\.name)
        if !required.isEmpty { object.append("required", .strings(required)) }
        object.append("patternProperties", .object(["^x-": .bool(true)]))
        object.append("additionalProperties", .bool(false))
        func requiring(_ names: [String]) -> JSON { .object(presence(names)) }
        if !shape.exactlyOneOf.isEmpty { object.append("oneOf", .array(shape.exactlyOneOf.map { requiring([$0]) })) }
        if !shape.atLeastOneOf.isEmpty { object.append("anyOf", .array(shape.atLeastOneOf.map { requiring([$0]) })) }
        let pairs = shape.exclusive.flatMap { set in
            set.indices.flatMap { first in set[(first + 1)...].map { requiring([set[first], $0]) } }
        }
        if !pairs.isEmpty { object.append("not", .object(["anyOf": .array(pairs)])) }
        return object
    }

    /// The schema of an object that has some members.
    private func presence(_ names: [String]) -> JSONObject {
        var object: JSONObject = ["required": .strings(names)]
        guard source == .call else { return object }
        var properties = JSONObject()
        for name in names { properties.append(name, .object(["not": .object(["type": .string("null")])])) }
        object.append("properties", .object(properties))
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
        case .list(let element):
            var list: JSONObject = ["type": .string("array"), "items": .object(schema(element))]
            if let limit = element.elementLimit { list.append("maxItems", .integer(Int64(limit))) }
            return list
        case .object(let object): return reference(object)
        case .variants(let tag, _, let variants): return schema(variants, tag)
        case .textOrObject(let object):
            return [
                "anyOf": .array([.object(schema(.name)), .object(reference(object))])
            ]
        case .metadata: return metadata
        case .anyObject: return ["type": .string("object")]
        case .integer, .number, .oneOrList, .map, .either, .nullable, .any: return freeSchema(shape)
        default: return string()
        }
    }

    private mutating func schema(_ variants: [(value: String, shape: ObjectShape)], _ tag: String) -> JSONObject {
        var choices: [JSON] = []
        for variant in variants {
            let condition: JSONObject = ["properties": .object([tag: .object(["const": .string(variant.value)])])]
            choices.append(.object(["if": .object(condition), "then": .object(reference(variant.shape))]))
        }
        return [
            "type": .string("object"), "required": .strings([tag]),
            "properties": .object([tag: .object(["enum": .strings(variants.map(\.value))])]),
            "allOf": .array(choices),
        ]
    }

    private var metadata: JSONObject {
        let bytes: JSONObject = [
            "type": .string("object"), "properties": .object(["base64": .object(string())]),
            "required": .strings(["base64"]), "additionalProperties": .bool(false),
        ]
        return [
            "type": .string("object"),
            "patternProperties": .object([
                "^[\\s\\S]{1,\(Shape.nameLimit)}$": .object(["anyOf": .array([.object(string()), .object(bytes)])])
            ]),
            "additionalProperties": .bool(false), "maxProperties": .integer(Int64(Shape.countLimit)),
        ]
    }

    private func nullable(_ schema: JSONObject) -> JSONObject {
        var schema = schema
        // A list of values has to name null, too.
        if let index = schema.members.firstIndex(where: { $0.name == "type" }), schema["enum"] == nil {
            schema.members[index].value = .array([schema.members[index].value, .string("null")])
            return schema
        }
        return schema.members.isEmpty
            ? schema : ["anyOf": .array([.object(schema), .object(["type": .string("null")])])]
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
        case .nullable(let other): return nullable(schema(other))
        default: return [:]
        }
    }
}
