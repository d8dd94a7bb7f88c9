import Encodings
import Model
import Provider
import ResourceFormat

/// `/mock/v1/instance`
enum InstanceSettingsRoutes {
    static let routes = [
        ControlRoute("GET", "/instance", "The settings of the instance", query: [], answer: answer) {
            .ok(Formats.encode($0.context.settings))
        },
        ControlRoute(
            "PATCH", "/instance", "Change settings of the instance", query: [], body: .patch(Formats.instance.shape),
            answer: answer, problems: [.conflict], patch),
    ]

    private static let answer = ResponseDescription.resource(status: 200, .object(Formats.instance.shape))

    private static func patch(_ request: ControlRequest) throws -> ControlReply {
        if request.body["signingKeys"] != nil {
            throw Problem(
                .invalidBody, "signing keys are changed by \(ControlAPI.prefix)/signingKeys", pointer: "/signingKeys")
        }
        let call = ResourceCall(request: request)
        try request.instance.changeSettings { snapshot in
            let present = JSON.object(Formats.encode(snapshot.settings))
            let document = present.merged(with: .object(request.body)).object ?? [:]
            var settings = InstanceSettings()
            settings.projectID = snapshot.settings.projectID
            _ = try call.decode(document, .object(Formats.instance.shape), in: snapshot) { decoder, node in
                decoder.decodeSettings(node, into: &settings, users: snapshot.resources.resources.users)
            }
            return settings
        }
        return .ok(Formats.encode(request.instance.snapshot.settings))
    }
}
