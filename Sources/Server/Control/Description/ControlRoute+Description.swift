import Encodings

/// What follows from the table of routes, for documents.
extension ControlRoute {
    /// The first part of the path; `api` for the listing.
    var section: String {
        let first = String(path.dropFirst().prefix { $0 != "/" })
        return first.isEmpty || first.contains(".") || first == "docs" ? "api" : first
    }

    /// Unique among all routes: `getRequestsById`.
    var operationID: String {
        path.split { "/.".contains($0) }.reduce(method.lowercased()) { name, part in
            guard part.hasPrefix("{") else { return name + part.capitalizedFirst }
            return name + "By" + part.dropFirst().prefix { $0 != "}" && $0 != "." }.capitalizedFirst
        }
    }

    var pathParameters: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().prefix { $0 != "}" }) }
    }

    static func documentation(ofPathParameter name: String) -> String {
        switch name {
        case "ref":
            "An id, or a name that only one has: the client id of an app, the login name or user name of a user."
        case "name": "A name."
        case "userCode": "The code that the user types in."
        default: "An id."
        }
    }

    /// Every problem that there may be.
    var problemKinds: [Problem.Kind] {
        // Not found: what the path names, or the isolated instance.
        var kinds: [Problem.Kind] = [.unauthorized, .forbiddenHost, .forbiddenOrigin, .notFound, .invalidParameter]
        if isCommand { kinds.append(.tooMany) }
        kinds += problems.filter { !kinds.contains($0) }
        if case .empty = body { return kinds }
        return kinds + [.invalidBody, .unsupportedMediaType]
    }
}

extension Substring {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
