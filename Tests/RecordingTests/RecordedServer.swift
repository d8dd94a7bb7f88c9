import Encodings
import Glibc
import HTTP
import HTTPServer
import JOSE
import Model
import Provider
import ResourceFormat
import Seeding
import Server
import Storage
import TestSupport

/// The real server on a real socket, set up as the recorded ones were.
final class RecordedServer: Sendable {
    let exchange: Exchange
    private let server: HTTPServer
    private let folder: TemporaryFolder

    init(_ fixture: Fixture, version: String, dialect: Dialect) throws {
        folder = TemporaryFolder()
        // The fixture names its host with a port, and the port is known only once the server listens: the instance answers for the name alone.
        let seed = fixture.seed(host: "localhost", dialect: dialect.rawValue, version: version)
        let path = folder.write(seed.text, to: "seed.json")
        let dependencies = RecordedClock.dependencies
        let loaded = try Seed.load(
            SeedSource(
                inputs: SeedInput.list([path], from: "seed"), environment: [:], now: dependencies.now().seconds,
                randomBytes: dependencies.randomBytes))
        let storage = try Storage(path: Storage.inMemory)
        var options = Application.Options()
        options.log = .off
        let (instance, _) = try Instance.open(storage, seed: loaded.decoded, dependencies: dependencies)
        let service = Application(instance, options: options)
        server = try HTTPServer(
            host: "127.0.0.1", port: 0, workers: 2, limits: HTTPLimits(body: Application.bodyLimit),
            rejected: service.answer, handler: { service.respond(to: $0) })
        exchange = Exchange(port: server.port)
    }

    func stop() { server.stop() }
}

/// A line on standard output, where the test runner's own lines go.
enum Terminal {
    static func print(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = bytes.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
    }
}
