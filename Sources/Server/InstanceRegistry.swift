import Encodings
public import HTTP
import Model
import Provider
import Storage
import Synchronization

/// The instances of a server: the main one, and isolated ones that tests open. A request is for the instance that the header `Mock-Instance` or the
/// first label of the host names, else for the main one.
public final class InstanceRegistry: Sendable {
    /// What a registry keeps at most. What would go beyond is refused.
    struct Limits {
        /// Instances besides the main one.
        var open = 500
        /// Bytes of their databases when they are opened.
        var bytes = 512 << 20
        /// Names of instances that were closed, which take about 20 bytes each.
        var closed = 1_000_000
    }

    /// The name of the instance that is always there.
    static let mainName = "main"

    /// An isolated instance.
    final class Entry: Sendable {
        let name: String
        let application: Application
        /// Seconds without a request after which it is closed.
        let idleTimeout: Int64
        /// Real time of the last request, in unix seconds.
        private let lastUse: Atomic<Int64>
        /// Bytes that its database had when it was opened.
        fileprivate let byteCount: Int

        init(name: String, application: Application, idleTimeout: Int64, byteCount: Int, now: Timestamp) {
            self.byteCount = byteCount
            self.name = name
            self.application = application
            self.idleTimeout = idleTimeout
            lastUse = Atomic(now.seconds)
        }

        func touch(_ now: Timestamp) { lastUse.store(now.seconds, ordering: .relaxed) }

        func isExpired(_ now: Timestamp) -> Bool {
            now.seconds - lastUse.load(ordering: .relaxed) > idleTimeout
        }
    }

    let main: Application
    private let entries = Mutex<[String: Entry]>([:])
    /// Hash values of the names of instances that were closed: their hosts must never lead to the main instance.
    private let closed = Mutex<Set<Int>>([])
    private let limits: Limits
    /// So that a server with the main instance alone need not look for others.
    private let count = Atomic<Int>(0)
    /// Whether there ever was another.
    private let hasHosts = Atomic<Bool>(false)

    public convenience init(main: Application) { self.init(main: main, limits: Limits()) }

    init(main: Application, limits: Limits) {
        self.main = main
        self.limits = limits
    }

    // MARK: Requests

    /// Responds to one request. Called by many threads.
    public func respond(to request: HTTPRequest) -> Reply {
        switch application(for: request) {
        case .some(let application): application.respond(to: request, in: self)
        case nil: .response(unknownInstance(request))
        }
    }

    /// Responds to one request on the port that the control API has to itself. It uses the host of the other port: tokens that are made have
    /// the issuer that clients know.
    public func respondToControl(_ request: HTTPRequest, mainPort: Int) -> Reply {
        guard let application = application(for: request) else { return .response(unknownInstance(request)) }
        var request = request
        for index in request.headers.indices where request.headers[index].name == "host" {
            let host = request.headers[index].value
            let colon = host.hasSuffix("]") ? nil : host.lastIndex(of: ":")
            request.headers[index].value = "\(host[..<(colon ?? host.endIndex)]):\(mainPort)"
        }
        return application.control(request, in: self)
    }

    /// Answers a request that the HTTP layer refused, as the main instance does.
    public func answer(_ rejection: HTTPRejection) -> HTTPResponse { main.answer(rejection) }

    private func application(for request: HTTPRequest) -> Application? {
        if let name = request.header(Application.instanceField), isNamed(by: request) {
            return name == Self.mainName ? main : entry(name)?.application
        }
        guard hasHosts.load(ordering: .relaxed), let name = request.header("host").flatMap(Self.label) else {
            return main
        }
        return entry(name)?.application ?? (closed.withLock { $0.contains(name.hashValue) } ? nil : main)
    }

    /// Whether the header that names an instance counts. The control API looks at hosts itself, because they do not matter for callers with its token.
    private func isNamed(by request: HTTPRequest) -> Bool {
        request.path.hasPrefix("/mock/")
            || request.hasTrustedHost(main.instance.snapshot.settings)
    }

    /// The first label of a host that has several, in lower case.
    static func label(of host: String) -> String? {
        guard let label = host.split(separator: ".", maxSplits: 1).first, label.utf8.count < host.utf8.count else {
            return nil
        }
        return label.lowercased()
    }

    private func entry(_ name: String) -> Entry? {
        guard count.load(ordering: .relaxed) > 0 else { return nil }
        let now = main.instance.dependencies.now()
        guard let entry = entries.withLock({ $0[name] }) else { return nil }
        guard !entry.isExpired(now) else {
            close(name)
            return nil
        }
        entry.touch(now)
        return entry
    }

    private func unknownInstance(_ request: HTTPRequest) -> HTTPResponse {
        let name = request.header(Application.instanceField) ?? request.header("host").flatMap(Self.label) ?? ""
        let source =
            request.header(Application.instanceField) == nil ? "host" : "header \(MockHeader.instance.rawValue)"
        return main.unknownInstance(
            "there is no instance \"\(name.prefix(200))\" (\(source)); it was never opened, was closed, or had no requests for too long",
            request)
    }

    /// A warning of a host that looks like that of an isolated instance, while some are open, and is none.
    func warning(ofHost host: String) -> Warning? {
        guard count.load(ordering: .relaxed) > 0, let name = Self.label(of: host),
            host.prefix(while: { $0 != ":" }).lowercased() == "\(name).localhost",
            !main.instance.snapshot.settings.domains.contains(where: { Self.label(of: $0) == name })
        else { return nil }
        let names = entries.withLock { Array($0.keys) }.sorted()
        guard !names.contains(name) else { return nil }
        let hint =
            Similarity.nearest(to: name, in: names).map { "did you mean \"\($0)\"?" }
            ?? "open are \(names.abridgedList)"
        return Warning(
            .instanceNotOpen,
            "no instance \"\(name.prefix(200))\" is open, so the main instance answered for its host; \(hint)")
    }

    // MARK: Opening and closing

    /// All isolated instances, by name.
    var all: [Entry] { entries.withLock { Array($0.values) }.sorted { $0.name < $1.name } }

    /// Adds an instance.
    /// - Returns: nil when the name is taken.
    /// - Throws: `Problem` when there are too many.
    func open(_ name: String, idleTimeout: Int64, _ instance: () throws -> Instance) throws -> Entry? {
        closeIdle()
        guard name != Self.mainName, !entries.withLock({ $0[name] != nil }) else { return nil }
        guard entries.withLock({ $0.count }) + closed.withLock({ $0.count }) < limits.closed else {
            throw Problem(
                .tooMany,
                "\(limits.closed) instances were opened, and no host of one may lead to another; restart the server")
        }
        let opened = try instance()
        let entry = Entry(
            name: name, application: Application(opened, options: main.options), idleTimeout: idleTimeout,
            byteCount: try opened.storage.byteCount(), now: main.instance.dependencies.now())
        let bytes = entries.withLock { $0.values.reduce(entry.byteCount) { $0 + $1.byteCount } }
        guard bytes <= limits.bytes else {
            throw Problem(
                .tooMany, "the open instances would hold more than \(limits.bytes >> 20) MiB; close some, or copy less")
        }
        let isFull: Bool? = entries.withLock { entries in
            guard entries[name] == nil else { return nil }
            guard entries.count < limits.open else { return true }
            entries[name] = entry
            count.store(entries.count, ordering: .relaxed)
            hasHosts.store(true, ordering: .relaxed)
            closed.withLock { _ = $0.remove(name.hashValue) }
            return false
        }
        if isFull == true { throw Problem(.tooMany, "there are \(limits.open) instances already; close some") }
        return isFull == nil ? nil : entry
    }

    func close(_ name: String) {
        let entry = entries.withLock { entries in
            defer { count.store(entries.count, ordering: .relaxed) }
            return entries.removeValue(forKey: name)
        }
        guard let entry else { return }
        closed.withLock { _ = $0.insert(name.hashValue) }
        entry.application.close()
    }

    /// Closes the instances that had no request for too long, by real time.
    func closeIdle() {
        let now = main.instance.dependencies.now()
        for entry in all where entry.isExpired(now) { close(entry.name) }
    }

    /// Stops what runs in the background of all instances. Called when the server stops.
    public func closeAll() {
        for entry in all { close(entry.name) }
        main.close()
    }
}
