import Encodings
import HTTP

/// A change that an administrator made between two requests of a recording, repeated by the control API.
struct AdministratorChange {
    let step: JSONObject
    let exchange: Exchange
    /// The value of a fixture's path, or of something that the case saved (`cap:NAME`).
    let lookup: (String) throws -> String

    private static let states = [
        "deactivate": "inactive", "reactivate": "active", "lock": "locked", "unlock": "active",
    ]

    private func member(_ name: String) -> String { step[name]?.string ?? "" }

    private func id(_ name: String) throws -> String {
        let reference = member(name)
        return try lookup(reference.hasPrefix("cap:") ? reference : "\(reference).id")
    }

    /// - Returns: what later steps may ask for, by name.
    func make() throws -> [String: String] {
        switch member("admin") {
        case "user_state": try setState("users", "user")
        case "app_state": try setState("apps", "app")
        case "project_state": try setState("projects", "project")
        case "feature": try call("PATCH", "/instance", [member("name"): step["value"] ?? .null])
        case "impersonation": try call("PATCH", "/instance", ["impersonation": step["value"] ?? .null])
        case "iam_member": try call("PATCH", "/users/\(id("user"))", ["instanceRoles": step["roles"] ?? .null])
        case "human_name":
            try call(
                "PATCH", "/users/\(id("user"))",
                ["firstName": .string(member("first")), "lastName": .string(member("last"))])
        case "metadata_set":
            try call("PUT", "/users/\(id("user"))/metadata/\(member("name"))", ["value": .string(member("value"))])
        case "metadata_remove": try call("DELETE", "/users/\(id("user"))/metadata/\(member("name"))")
        case "role_add":
            let role: JSONObject = ["key": .string(member("role")), "displayName": .string(member("role"))]
            try call("POST", "/projects/\(id("project"))/roles", role, or: 409)
        case "grant_add":
            let grant: JSONObject = ["project": .string(try id("project")), "roles": step["roles"] ?? .null]
            return ["id": try text("id", call("POST", "/users/\(id("user"))/grants", grant))]
        case "grant_remove": try call("DELETE", "/userGrants/\(lookup(member("grant")))")
        case "session_terminate": try call("DELETE", "/sessions?user=\(lookup("cap:loginUser"))")
        case "clock": try call("PUT", "/clock", ["advance": .string("\(seconds)s")])
        case "rotate_keys": try rotate()
        default: return try makeCredential()
        }
        return [:]
    }

    private var seconds: Int64 { if case .integer(let count)? = step["seconds"] { count } else { 0 } }

    private func makeCredential() throws -> [String: String] {
        switch member("admin") {
        case "pat_add":
            let token = try call("POST", "/users/\(id("user"))/personalAccessTokens", [:])
            return ["id": try text("id", token), "token": try text("token", token)]
        case "pat_remove": try call("DELETE", "/personalAccessTokens/\(lookup(member("pat")))")
        case "key_add":
            let key = try call("POST", "/users/\(id("user"))/keys", [:])
            return ["id": try text("id", key), "key": try text("key", key["keyFile"]?.object ?? [:])]
        case "key_remove": try call("DELETE", "/keys/\(lookup(member("key")))")
        case "machine_secret":
            let secret = try call("POST", "/users/\(id("user"))/clientSecret", [:])
            return ["old": try lookup(member("user") + ".clientSecret"), "new": try text("clientSecret", secret)]
        case "api_add":
            let app = try call(
                "POST", "/projects/\(id("project"))/apps",
                ["type": .string("api"), "name": .string(member("name")), "authMethod": .string("basic")])
            return [
                "id": try text("id", app), "clientId": try text("clientId", app),
                "secret": try text("clientSecret", app),
            ]
        case "machine_add": return try makeMachine()
        default: throw Missing(what: "the change \(member("admin"))")
        }
        return [:]
    }

    private func makeMachine() throws -> [String: String] {
        let user = try call(
            "POST", "/organizations/\(id("org"))/users",
            ["type": .string("machine"), "userName": .string(member("name"))])
        let id = try text("id", user)
        let secret = try call("POST", "/users/\(id)/clientSecret", [:])
        return [
            "id": id, "secret": try text("clientSecret", secret),
            "loginName": user["loginNames"]?.array?.first?.string ?? "",
        ]
    }

    private func setState(_ collection: String, _ name: String) throws {
        let path = "/\(collection)/\(try id(name))"
        guard let state = Self.states[member("to")] else { return _ = try call("DELETE", path) }
        try call("PATCH", path, ["state": .string(state)])
    }

    private func rotate() throws {
        let old = try call("GET", "/signingKeys")["items"]?.array ?? []
        try call("POST", "/signingKeys/rotate", [:])
        guard step["remove"]?.bool == true else { return }
        for key in old { try call("DELETE", "/signingKeys/\(text("id", key.object ?? [:]))") }
    }

    private func text(_ name: String, _ object: JSONObject) throws -> String {
        try (object[name]?.string).orThrow(Trouble(what: "\(member("admin")): the answer has no \(name)"))
    }

    @discardableResult
    private func call(
        _ method: String, _ path: String, _ body: JSONObject? = nil, or allowed: Int = 200
    ) throws -> JSONObject {
        let answer = try exchange.send(
            method, "/mock/v1" + path, body == nil ? [] : [("Content-Type", "application/json")],
            body.map { JSON.object($0).bytes() })
        guard (200...299).contains(answer.response.status) || answer.response.status == allowed else {
            throw Trouble(what: "\(method) \(path): \(answer.response.status) \(answer.text)")
        }
        return answer.json?.object ?? [:]
    }
}
