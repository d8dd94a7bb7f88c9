import Storage
import HTTP
import Encodings
import Model
import Provider
import ResourceFormat

/// `/mock/v1/sessions` and `/deviceAuthorizations`
enum SessionRoutes {
    static let routes = [
        ControlRoute(
            "GET", "/sessions", "Login sessions", query: StateShapes.ofUser + QueryParameter.paging,
            answer: .list(.object(StateShapes.session)), problems: [.notFound]
        ) { request in
            let user = try request.query.text("user").map(request.user)
            let sessions = try request.storage.sessions(userID: user?.id)
            return try .list(sessions.map { ($0.id, $0) }, request) { json($0) }
        },
        ControlRoute("DELETE", "/sessions/{id}", "End a login session and its tokens", query: []) { request in
            try end([request.path["id"]], request)
        },
        ControlRoute(
            "DELETE", "/sessions", "End all login sessions, or those of a user", query: StateShapes.ofUser,
            problems: [.notFound]
        ) { request in
            let user = try request.query.text("user").map(request.user)
            return try end(try request.storage.sessions(userID: user?.id).map(\.id), request)
        },
        ControlRoute(
            "GET", "/deviceAuthorizations", "Requests of devices", query: QueryParameter.paging,
            answer: .list(.object(StateShapes.device))
        ) { request in
            let devices = try request.storage.devices()
            return try .list(devices.map { ($0.userCode, $0) }, request) { json($0, request.context.now) }
        },
        ControlRoute(
            "POST", "/deviceAuthorizations/{userCode}", "Approve or deny a request of a device", query: [],
            body: .object(StateShapes.decision), answer: .object(status: 200, StateShapes.device), decide),
    ]

    private static func json(_ session: LoginSession) -> JSONObject {
        let authentication = session.authentication
        return [
            "id": .string(session.id), "user": .string(authentication.userID), "amr": .strings(authentication.amr),
            "authTime": .string(UTCDateTime(unix: authentication.time).rfc3339),
        ]
    }

    private static func json(_ device: DeviceAuthorization, _ now: Timestamp) -> JSONObject {
        let isExpired = device.state == .pending && device.expiration <= now.seconds
        var object: JSONObject = [
            "userCode": .string(device.userCode), "clientId": .string(device.clientID),
            "scopes": .strings(device.scopes), "state": .string(isExpired ? "expired" : device.state.rawValue),
            "expiresAt": .string(UTCDateTime(unix: device.expiration).rfc3339),
        ]
        if let user = device.authentication?.userID { object.append("user", .string(user)) }
        return object
    }

    /// Ends sessions as a logout does: apps that listen are notified.
    private static func end(_ sessionIDs: [String], _ request: ControlRequest) throws -> ControlReply {
        let endpoint = EndSessionEndpoint(request.context)
        let notices = try sessionIDs.flatMap { try endpoint.end(sessionID: $0) }
        request.application.backChannelLogout.send(notices)
        return .noContent
    }

    private static func decide(_ request: ControlRequest) throws -> ControlReply {
        // Who approves; nobody denies.
        let user = try request.checkedBody.text("user").map(request.user)
        if let user, user.machine != nil || user.state != .active {
            throw Problem(
                .invalidBody, "\"\(user.userName)\" is not an active human; only they approve devices", pointer: "/user"
            )
        }
        let code = request.path["userCode"]
        guard let device = try DeviceDecision(request.context).decide(code, by: user) else {
            throw request.missing("pending device authorization", code, "the user code of one that is not decided")
        }
        return .ok(json(device, request.context.now))
    }
}
