import Encodings
import ResourceFormat

/// The OpenAPI 3.1 document of the control API, from its table of routes.
struct OpenAPIDocument {
    private let routes: [ControlRoute]
    private var schemas = JSONSchema(referencePrefix: prefix, allowsVariables: false)
    /// Of bodies that are checked as calls. No shape is both in these and in the others: a call may send null where an answer never has it.
    private var callSchemas = JSONSchema(referencePrefix: prefix, allowsVariables: false, source: .call)

    private static let prefix = "#/components/schemas/"

    init(_ routes: [ControlRoute]) {
        self.routes = routes
    }

    var json: JSONObject {
        var copy = self
        return copy.document()
    }

    private mutating func document() -> JSONObject {
        var paths = JSONObject()
        for path in routes.map(\.path) where paths[ControlAPI.prefix + path] == nil {
            var operations = JSONObject()
            for route in routes where route.path == path {
                operations.append(route.method.lowercased(), .object(operation(route)))
            }
            paths.append(ControlAPI.prefix + path, .object(operations))
        }
        let problem = schemas.schema(.object(Self.problem))
        let tags = routes.map(\.section).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return [
            "openapi": .string("3.1.0"),
            "info": .object([
                "title": .string("mock-zitadel control API"), "version": .string("1"),
                "description": .string("What tests say to a running mock-zitadel."),
            ]),
            "servers": .array([.object(["url": .string("/")])]),
            "tags": .array(tags.map { .object(["name": .string($0)]) }),
            "paths": .object(paths),
            "components": .object([
                "schemas": .object(definitions), "parameters": .object(Self.parameters),
                "responses": .object(responses(problem)),
                "securitySchemes": .object([
                    "controlToken": .object([
                        "type": .string("http"), "scheme": .string("bearer"),
                        "description": .string("The value of --control-token, when the server was started with one."),
                    ])
                ]),
            ]),
            "security": .array([.object([:]), .object(["controlToken": .array([])])]),
        ]
    }

    private var definitions: JSONObject {
        var all = schemas.definitions
        all.members += callSchemas.definitions.members
        return all.sorted()
    }

    // MARK: Operations

    private mutating func operation(_ route: ControlRoute) -> JSONObject {
        var object: JSONObject = [
            "operationId": .string(route.operationID), "summary": .string(route.summary),
            "tags": .strings([route.section]),
        ]
        var parameters = route.pathParameters.map { name in
            JSON.object([
                "name": .string(name), "in": .string("path"), "required": .bool(true),
                "description": .string(ControlRoute.documentation(ofPathParameter: name)),
                "schema": .object(["type": .string("string"), "minLength": .integer(1)]),
            ])
        }
        for parameter in route.query {
            parameters.append(
                .object([
                    "name": .string(parameter.name), "in": .string("query"),
                    "description": .string(parameter.documentation), "schema": .object(schemas.schema(parameter.shape)),
                ]))
        }
        parameters.append(.object(["$ref": .string("#/components/parameters/mockInstance")]))
        object.append("parameters", .array(parameters))
        if let body = requestBody(route.body) { object.append("requestBody", .object(body)) }
        object.append("responses", .object(answers(route)))
        return object
    }

    private mutating func requestBody(_ body: BodyDescription) -> JSONObject? {
        let schema: JSONObject
        var isRequired = false
        switch body {
        case .empty: return nil
        case .undescribed: schema = ["type": .string("object")]
        case .object(let shape, let required):
            schema = callSchemas.schema(.object(shape))
            isRequired = required
        case .objects(_, _, let all): schema = callSchemas.schema(.object(all))
        case .resource(let shape, let required):
            schema = schemas.schema(shape)
            isRequired = required
        case .patch(let shape): schema = schemas.schema(.object(Self.patch(of: shape)))
        }
        return ["required": .bool(isRequired), "content": .object(Self.content("application/json", schema))]
    }

    /// The shape of a merge patch: every member may be left out, and null removes one.
    private static func patch(of shape: ObjectShape) -> ObjectShape {
        ObjectShape(
            name: "\(shape.name)Patch",
            members: shape.members.map {
                MemberShape(name: $0.name, value: .nullable($0.value), documentation: $0.documentation)
            })
    }

    private static func content(_ type: String, _ schema: JSONObject) -> JSONObject {
        [type: .object(["schema": .object(schema)])]
    }

    // MARK: Answers

    private mutating func answers(_ route: ControlRoute) -> JSONObject {
        func success(_ content: JSONObject?) -> JSON {
            var object: JSONObject = ["description": .string(content == nil ? "Done." : route.summary)]
            if let content { object.append("content", .object(content)) }
            return .object(object)
        }
        var answers = JSONObject()
        switch route.answer {
        case .undescribed:
            answers.append("2XX", success(Self.content("application/json", ["type": .string("object")])))
        case .object(let status, let shape):
            answers.append("\(status)", success(Self.content("application/json", schemas.schema(.object(shape)))))
        case .resource(let status, let shape):
            answers.append("\(status)", success(Self.content("application/json", schemas.schema(shape))))
        case .list(let shape): answers.append("200", success(Self.content("application/json", page(shape))))
        case .noContent: answers.append("204", success(nil))
        case .text(let type): answers.append("200", success([type: .object([:])]))
        }
        for status in route.problemKinds.map(\.status).reduce(into: Set<Int>(), { $0.insert($1) }).sorted() {
            answers.append("\(status)", .object(["$ref": .string("#/components/responses/\(Self.name(status))")]))
        }
        return answers
    }

    private mutating func page(_ shape: Shape) -> JSONObject {
        [
            "type": .string("object"), "required": .strings(["items"]),
            "properties": .object([
                "items": .object(["type": .string("array"), "items": .object(schemas.schema(shape))]),
                "next": .object([
                    "type": .string("string"),
                    "description": .string("What to send as `after` for the next page; absent on the last one."),
                ]),
            ]),
        ]
    }

    private func responses(_ problem: JSONObject) -> JSONObject {
        var object = JSONObject()
        for status in Set(Problem.Kind.allCases.map(\.status)).sorted() {
            let titles = Problem.Kind.allCases.filter { $0.status == status }.map(\.title)
            object.append(
                Self.name(status),
                .object([
                    "description": .string(titles.joined(separator: "; ")),
                    "content": .object(Self.content("application/problem+json", problem)),
                ]))
        }
        return object
    }

    private static func name(_ status: Int) -> String { "problem\(status)" }

    // MARK: Components

    private static let parameters: JSONObject = [
        "mockInstance": .object([
            "name": .string(MockHeader.instance.rawValue), "in": .string("header"),
            "description": .string("The isolated instance that is meant; without it, the one that the host names."),
            "schema": .object(["type": .string("string")]),
        ])
    ]

    private static let problem = ObjectShape(
        name: "problem",
        members: [
            .must(
                "type",
                .choice(noun: "a type", Problem.Kind.allCases.map { "/mock/problems/\($0.rawValue)" }),
                "Which problem it is."),
            .must("title", .anyText, "The problem in general."),
            .must("status", .integer(400...599), "As in the head."),
            .must("detail", .anyText, "What was sent, and what was expected."),
            .may("pointer", .anyText, "Where: a JSON pointer into the body."),
            .may("problems", .list(.object(part)), "Everything that is wrong, when there is more than one thing."),
            .may("matched", .count, "Requests that match a verification that failed."),
            .may("nearest", .list(.anyObject), "The requests that are nearest to it, and how they differ."),
        ])

    private static let part = ObjectShape(
        name: "problemPart",
        members: [
            .must("pointer", .anyText, "A JSON pointer into the body."), .must("detail", .anyText, "What is wrong."),
        ])
}
