import HTTP
import Encodings
import Model
import Provider
import ResourceFormat

/// `/mock/v1/apps/{ref}/clientSecret` and `/users/{ref}/clientSecret`
enum ClientSecretRoutes {
    static let routes = [
        ControlRoute(
            "POST", "/apps/{ref}/clientSecret", "Give an app a new client secret", query: [], body: body, answer: answer
        ) { request in
            try renew(request) { snapshot, hash throws(Problem) in
                var app = try ReferenceLookup(resources: snapshot.resources).app(request.path["ref"])
                guard [.basic, .post].contains(app.authMethod) else {
                    throw Problem(
                        .invalidBody,
                        "an app with authMethod \"\(app.authMethod.rawValue)\" has no secret; change it to \"basic\" first"
                    )
                }
                app.secret = hash
                return .app(app)
            }
        },
        ControlRoute("DELETE", "/apps/{ref}/clientSecret", "Remove the client secret of an app", query: []) { request in
            try remove(request) { snapshot throws(Problem) in
                var app = try ReferenceLookup(resources: snapshot.resources).app(request.path["ref"])
                app.secret = nil
                return .app(app)
            }
        },
        ControlRoute(
            "POST", "/users/{ref}/clientSecret", "Give a service user a new client secret", query: [], body: body,
            answer: answer
        ) { request in
            try renew(request) { snapshot, hash throws(Problem) in
                var user = try machine(request, snapshot)
                user.secret = hash
                return .user(user)
            }
        },
        ControlRoute(
            "DELETE", "/users/{ref}/clientSecret", "Remove the client secret of a service user", query: []
        ) { request in
            try remove(request) { snapshot throws(Problem) in
                var user = try machine(request, snapshot)
                user.secret = nil
                return .user(user)
            }
        },
    ]

    private static let body = BodyDescription.object(ResourceShapes.newSecret, isRequired: false)
    private static let answer = ResponseDescription.object(status: 200, ResourceShapes.secret)

    private static func machine(_ request: ControlRequest, _ snapshot: Snapshot) throws(Problem) -> User {
        let user = try ReferenceLookup(resources: snapshot.resources).user(request.path["ref"])
        guard user.machine != nil else {
            throw Problem(.invalidBody, "\"\(user.userName)\" is a human; only service users have a client secret")
        }
        return user
    }

    private static func renew(
        _ request: ControlRequest, _ change: (Snapshot, SecretHash) throws(Problem) -> Resource
    ) throws -> ControlReply {
        let sent = request.checkedBody.text("clientSecret")
        let random = request.randomBytes
        let made =
            sent.map { (secret: $0, hash: NewSecret.hash($0, randomBytes: random)) }
            ?? NewSecret.make(randomBytes: random)
        try ResourceCall(request: request).change { snapshot in ([.put(try change(snapshot, made.hash))], ()) }
        return .ok(["clientSecret": .string(made.secret)])
    }

    private static func remove(
        _ request: ControlRequest, _ change: (Snapshot) throws(Problem) -> Resource
    ) throws -> ControlReply {
        try ResourceCall(request: request).change { snapshot in ([.put(try change(snapshot))], ()) }
        return .noContent
    }
}
