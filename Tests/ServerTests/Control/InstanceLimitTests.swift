import Encodings
import HTTP
import Provider
@testable import Server
import Storage
import TestSupport
import Testing

/// How many isolated instances there may be, and what becomes of their hosts.
@Suite struct InstanceLimitTests {
    private let server: TestServer

    init() throws { server = try TestServer() }

    private func open(_ name: String, _ registry: InstanceRegistry) throws {
        // They may be one instance: what is in them does not matter.
        _ = try registry.open(name, idleTimeout: 600) { server.instance }
    }

    /// Why an instance is not opened; nil when it is.
    private func problem(opening name: String, _ registry: InstanceRegistry) -> Problem? {
        do { try open(name, registry) } catch { return error as? Problem }
        return nil
    }

    private func status(_ host: String, _ registry: InstanceRegistry) -> Int? {
        let request = HTTPRequest(method: "GET", path: "/oauth/v2/keys", headers: [("host", host)])
        guard let response = registry.respond(to: request).awaited else { return nil }
        return response.status
    }

    @Test("500 instances may be open; a further one is refused, until one is closed") func open() throws {
        let registry = InstanceRegistry(main: server.service)
        for number in 0..<500 { try open("t\(number)", registry) }
        #expect(throws: Problem.self) { try open("t500", registry) }
        #expect(status("t499.localhost", registry) == 200)
        registry.close("t0")
        try open("t500", registry)
        #expect(registry.all.count == 500)
    }

    @Test("instances that would hold too many bytes together are refused") func bytes() throws {
        let size = try server.storage.byteCount()
        let limits = InstanceRegistry.Limits(bytes: 2 * size)
        let registry = InstanceRegistry(main: server.service, limits: limits)
        try open("a", registry)
        try open("b", registry)
        let problem = problem(opening: "c", registry)
        #expect(problem?.kind == .tooMany && problem?.detail.contains("would hold more than") == true)
        registry.close("a")
        try open("c", registry)
    }

    @Test("the host of a closed instance never leads to another, however many were closed after it") func closed()
        throws
    {
        let registry = InstanceRegistry(main: server.service)
        for number in 0..<20_000 {
            try open("t\(number)", registry)
            registry.close("t\(number)")
        }
        #expect(status("t0.localhost", registry) == 404)
        #expect(status("t19999.localhost", registry) == 404)
        #expect(status("other.localhost", registry) == 200)
        try open("t0", registry)
        #expect(status("t0.localhost", registry) == 200, "a name may be used again")
    }

    @Test("when the names of closed instances take too much room, no further one is opened") func names() throws {
        let registry = InstanceRegistry(main: server.service, limits: InstanceRegistry.Limits(open: 10, closed: 3))
        for name in ["a", "b", "c"] {
            try open(name, registry)
            registry.close(name)
        }
        let problem = problem(opening: "d", registry)
        #expect(problem?.kind == .tooMany)
        #expect(problem?.detail.contains("restart the server") == true)
        #expect(status("a.localhost", registry) == 404)
    }
}
