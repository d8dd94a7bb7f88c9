import Encodings

/// Which endpoint a method and a path lead to: a table of methods and path patterns. Pure.
///
/// A pattern is ASCII and made of segments: text as it is, `{name}` for one segment, and at the end `{name...}` for all that are left. A segment is compared after
/// percent-decoding, so `%2F` belongs to its segment. Text takes precedence over a parameter, and a parameter over the rest; an endpoint that has the method
/// takes precedence over one that does not. A trailing slash is a segment of its own. GET includes HEAD. `Comparison.asSent` is stricter.
public struct Router<Endpoint: Sendable>: Sendable {
    public struct Route: Sendable {
        /// Empty for any.
        public let methods: [String]
        public let pattern: String
        public let endpoint: Endpoint

        /// - Parameters:
        ///   - methods: separated by spaces, such as "GET POST"; empty for any.
        ///   - pattern: begins with a slash.
        public init(_ methods: String, _ pattern: String, _ endpoint: Endpoint) {
            self.methods = methods.split(separator: " ").map(String.init)
            self.pattern = pattern
            self.endpoint = endpoint
        }
    }

    /// What was found for a method and a path.
    public enum Match {
        case found(Endpoint, PathParameters)
        /// The path is known with these methods, for the header `Allow`.
        case methodNotAllowed([String])
        case notFound
    }

    /// How the requests of a table are compared.
    public enum Comparison: Sendable {
        /// Segments are percent-decoded, and GET includes HEAD.
        case decoded
        /// A path counts as it was sent, and HEAD is a method like any other.
        case asSent
    }

    /// What a pattern leads to, with the names of its parameters in order.
    private struct Leaf: Sendable {
        let endpoint: Endpoint
        let names: [String]
    }

    private struct Node: Sendable {
        var literals: [String: Node] = [:]
        var parameter: [Node] = []
        /// By method; these take all further segments.
        var rest: [String: Leaf] = [:]
        /// By method.
        var leaves: [String: Leaf] = [:]
    }

    /// The key of all methods in a node.
    private static var anyMethod: String { "" }

    private let comparison: Comparison
    private var root = Node()
    /// Patterns without parameters, by their path: most requests need no more.
    private var literals: [String: [String: Leaf]] = [:]
    /// Whether there are others.
    private var hasParameters = false
    /// Segments of the longest path that can lead anywhere.
    private var mostSegments = 0

    /// - Parameter routes: of two with the same method and pattern the first counts.
    public init(_ routes: [Route], comparing comparison: Comparison = .decoded) {
        self.comparison = comparison
        for route in routes {
            let segments = Self.segments(route.pattern)
            mostSegments = max(mostSegments, route.pattern.hasSuffix("...}") ? .max : segments.count)
            let names = segments.filter { $0.hasPrefix("{") }.map {
                String($0.dropFirst().prefix { !".}".contains($0) })
            }
            Self.insert(route, names, segments[...], into: &root)
            if route.pattern.contains("{") {
                hasParameters = true
            } else {
                Self.insert(route, names, into: &literals[route.pattern, default: [:]])
            }
        }
    }

    private static func insert(_ route: Route, _ names: [String], into leaves: inout [String: Leaf]) {
        for method in route.methods.isEmpty ? [anyMethod] : route.methods where leaves[method] == nil {
            leaves[method] = Leaf(endpoint: route.endpoint, names: names)
        }
    }

    private static func insert(
        _ route: Route, _ names: [String], _ segments: ArraySlice<String>, into node: inout Node
    ) {
        guard let segment = segments.first else { return insert(route, names, into: &node.leaves) }
        if segment.hasPrefix("{"), segment.hasSuffix("...}") {
            insert(route, names, into: &node.rest)
        } else if segment.hasPrefix("{"), segment.hasSuffix("}") {
            if node.parameter.isEmpty { node.parameter = [Node()] }
            insert(route, names, segments.dropFirst(), into: &node.parameter[0])
        } else {
            insert(route, names, segments.dropFirst(), into: &node.literals[segment, default: Node()])
        }
    }

    private static var slash: UInt8 { UInt8(ascii: "/") }

    private static func segments(_ path: String) -> [String] {
        let bytes = path.utf8
        return bytes.dropFirst(bytes.first == slash ? 1 : 0).split(separator: slash, omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
    }

    /// Finds the endpoint of a request.
    /// - Parameter path: as it was sent, without the query.
    public func match(method: String, path: String) -> Match {
        let leaves = Self.isASCII(path) ? literals[path] : nil
        if let leaves, let leaf = leaf(method, leaves) { return .found(leaf.endpoint, PathParameters([:])) }
        if leaves == nil, comparison == .asSent, !hasParameters { return .notFound }
        guard path.utf8.first == Self.slash, path.utf8.count(where: { $0 == Self.slash }) <= mostSegments else {
            return .notFound
        }
        let raw = Self.segments(path)
        var decoded: [String] = []
        for segment in raw {
            guard let text = comparison == .asSent ? segment : PercentEncoding.pathDecoded(segment) else {
                return .notFound
            }
            decoded.append(text)
        }
        var search = Search(router: self, method: method, segments: decoded)
        return search.visit(root, 0)
    }

    /// The endpoints of a path without parameters, whatever their methods.
    public func endpoints(ofPath path: String) -> [Endpoint] {
        Self.isASCII(path) ? (literals[path] ?? [:]).sorted { $0.key < $1.key }.map(\.value.endpoint) : []
    }

    /// Patterns are ASCII; Swift finds some other text equal to them, such as the Kelvin sign to K.
    private static func isASCII(_ text: String) -> Bool { text.utf8.allSatisfy { $0 < 128 } }

    private func leaf(_ method: String, _ leaves: [String: Leaf]) -> Leaf? {
        leaves[method] ?? (method == "HEAD" && comparison == .decoded ? leaves["GET"] : nil) ?? leaves[Self.anyMethod]
    }

    /// A depth-first search of the tree.
    private struct Search {
        let router: Router
        let method: String
        let segments: [String]
        var values: [String] = []
        var allowed: Set<String> = []

        mutating func visit(_ node: Node, _ index: Int) -> Match {
            if index == segments.count {
                return take(node.leaves) ?? result
            }
            let segment = segments[index]
            if Router.isASCII(segment), let next = node.literals[segment],
                case .found(let endpoint, let values) = visit(next, index + 1)
            {
                return .found(endpoint, values)
            }
            if !segment.isEmpty, let next = node.parameter.first {
                values.append(segment)
                if case .found(let endpoint, let values) = visit(next, index + 1) { return .found(endpoint, values) }
                values.removeLast()
            }
            guard !node.rest.isEmpty else { return result }
            values.append(segments[index...].joined(separator: "/"))
            defer { values.removeLast() }
            return take(node.rest) ?? result
        }

        private mutating func take(_ leaves: [String: Leaf]) -> Match? {
            if let leaf = router.leaf(method, leaves) {
                let pairs = zip(leaf.names, values)
                return .found(leaf.endpoint, PathParameters(Dictionary(pairs, uniquingKeysWith: { $1 })))
            }
            allowed.formUnion(leaves.keys)
            if leaves["GET"] != nil, router.comparison == .decoded { allowed.insert("HEAD") }
            return nil
        }

        private var result: Match { allowed.isEmpty ? .notFound : .methodNotAllowed(allowed.sorted()) }
    }
}
