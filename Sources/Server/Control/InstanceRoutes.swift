import HTTP
import ResourceFormat
import Encodings
import Model
import Provider
import Seeding
import Storage

/// `/mock/v1/instances`
enum InstanceRoutes {
    private static let defaultTimeout: Int64 = 600

    static let routes = [
        ControlRoute(
            "GET", "/instances", "Isolated instances", query: QueryParameter.paging,
            answer: .list(.object(InstanceShapes.instance))
        ) { request in
            try .list(try registry(request).all.map { ($0.name, $0) }, request) { json($0, request) }
        },
        ControlRoute(
            "POST", "/instances", "Open an isolated instance", query: [],
            body: .object(InstanceShapes.new, isRequired: false), answer: .object(status: 201, InstanceShapes.instance),
            problems: [.conflict, .tooMany], open),
        ControlRoute("DELETE", "/instances/{name}", "Close an isolated instance", query: []) { request in
            try registry(request).close(request.path["name"])
            return .noContent
        },
    ]

    private static func registry(_ request: ControlRequest) throws(Problem) -> InstanceRegistry {
        guard let registry = request.registry else {
            throw Problem(.notFound, "this server has one instance only")
        }
        return registry
    }

    private static func json(_ entry: InstanceRegistry.Entry, _ request: ControlRequest) -> JSONObject {
        let settings = entry.application.instance.snapshot.settings
        let host = host(of: entry.name, request)
        let baseURL = "\(request.context.issuer.hasPrefix("https://") ? "https" : "http")://\(host)"
        return [
            "name": .string(entry.name), "host": .string(host), "baseUrl": .string(baseURL),
            "issuer": .string(settings.issuer ?? baseURL),
            "idleTimeout": .string(GoDuration(seconds: entry.idleTimeout).text),
        ]
    }

    /// The name of the instance before that of the server; an address has no names below it.
    private static func host(of name: String, _ request: ControlRequest) -> String {
        let host = request.exchange.request.header("host") ?? "localhost"
        let colon = host.hasSuffix("]") ? nil : host.lastIndex(of: ":")
        let (server, port) = (host[..<(colon ?? host.endIndex)], host[(colon ?? host.endIndex)...])
        let isAddress = server.hasPrefix("[") || server.allSatisfy { $0.isNumber || $0 == "." }
        let names = server.split(separator: ".")
        let isBelow = names.count > 1 && request.registry?.all.contains { $0.name == names[0] } == true
        let parent = isAddress ? "localhost" : isBelow ? names.dropFirst().joined(separator: ".") : String(server)
        return "\(name).\(parent)\(port)"
    }

    private static func open(_ request: ControlRequest) throws -> ControlReply {
        let body = request.checkedBody
        let newName = body.text("name") ?? "i" + request.instance.dependencies.newID()
        let domains = request.registry?.main.instance.snapshot.settings.domains ?? []
        let hosts = domains + [request.exchange.request.header("host") ?? ""]
        if hosts.contains(where: { InstanceRegistry.label(of: $0) == newName }),
            request.registry?.all.contains(where: { $0.name == newName }) != true
        {
            throw Problem(
                .conflict, "\"\(newName)\" is the first part of a host of this server; choose another name",
                pointer: "/name")
        }
        let entry = try registry(request).open(newName, idleTimeout: body.seconds("idleTimeout") ?? defaultTimeout) {
            try instance(body.object("seed"), copies: body.bool("copy") ?? false, of: request)
        }
        guard let entry else {
            throw Problem(.conflict, "\"\(newName)\" is already an instance; choose another name", pointer: "/name")
        }
        return .created(json(entry, request), location: "\(ControlAPI.prefix)/instances/\(entry.name)")
    }

    /// A copy of the instance, or one with a seed: without another, that of the instance. It signs with the same keys unless the seed pins some, because
    /// generating keys would take longer than all the rest.
    private static func instance(_ seed: JSONObject?, copies: Bool, of request: ControlRequest) throws -> Instance {
        if copies { return try request.instance.copy() }
        guard let seed else { return try request.instance.fresh() }
        let read: Seed
        do {
            read = try ControlSeed.read(seed, at: request.instance.realNow, request.randomBytes)
        } catch {
            throw error.below("/seed")
        }
        return try ControlSeed.refusingConflicts { try request.instance.isolatedInstance(with: read.decoded) }
    }
}
