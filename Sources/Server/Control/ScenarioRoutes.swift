import HTTP
import ResourceFormat
import Encodings
import Model
import Provider

/// `/mock/v1/scenarios`
enum ScenarioRoutes {
    static let routes = [
        ControlRoute(
            "GET", "/scenarios", "All scenarios, and which of them are on", query: [],
            answer: .list(.object(ScenarioShapes.scenario))
        ) { request in
            let running = request.instance.scenarios.all
            let items = ScenarioName.allCases.map { name in
                json(name, running.first { $0.name == name }?.parameters)
            }
            return .ok(["items": .array(items.map(JSON.object))])
        },
        ControlRoute(
            "PUT", "/scenarios/{scenario}", "Put the instance into a scenario", query: [],
            body: ScenarioShapes.parameters,
            answer: .object(status: 200, ScenarioShapes.scenario), problems: [.conflict, .tooMany], start),
        ControlRoute("DELETE", "/scenarios/{scenario}", "End a scenario and what it changed", query: []) { request in
            try request.instance.end(try name(request))
            return .noContent
        },
    ]

    private static func json(_ name: ScenarioName, _ parameters: JSONObject?) -> JSONObject {
        var object: JSONObject = ["name": .string(name.rawValue), "active": .bool(parameters != nil)]
        if let parameters { object.append("parameters", .object(parameters)) }
        return object
    }

    private static func name(_ request: ControlRequest) throws(Problem) -> ScenarioName {
        let text = request.path["scenario"]
        guard let name = ScenarioName(rawValue: text) else {
            let known = ScenarioName.allCases.map(\.rawValue).joined(separator: ", ")
            throw request.missing("scenario", text, "one of \(known)")
        }
        return name
    }

    private static func start(_ request: ControlRequest) throws -> ControlReply {
        let name = try name(request)
        let instance = request.instance
        let first = try plan(name, request)
        guard instance.faults.all.count + first.faults.count <= FaultTable.limit else {
            throw FaultRoutes.tooMany
        }
        // One that is on already begins anew, from what there is without it.
        let isOn = instance.scenarios.all.contains { $0.name == name }
        try instance.end(name)
        let plan = isOn ? try plan(name, request) : first
        let faults = plan.faults.map { FaultRoutes.fault(CheckedObject($0), id: instance.dependencies.newID()) }
        guard instance.faults.add(faults) else { throw FaultRoutes.tooMany }
        let undo = try plan.change(instance)
        instance.scenarios.add(
            ScenarioTable.Running(name: name, parameters: request.body, faults: faults.map(\.id), undo: undo))
        return .ok(json(name, request.body))
    }

    private static func plan(_ name: ScenarioName, _ request: ControlRequest) throws -> ScenarioCall.Plan {
        let call = ScenarioCall(request: request, parameters: request.checkedBody)
        return switch name {
        case .keyRotation: try call.keyRotation()
        case .introspectionFlaps: call.introspectionFlaps()
        case .roleRevoked: try call.roleRevoked()
        case .clockSkew: call.clockSkew()
        case .patExpires: try call.patExpires()
        case .idpDown: call.idpDown()
        case .rateLimited: call.rateLimited()
        }
    }
}
