import HTTP

/// Cross-origin requests (WHATWG Fetch section 3.2): every origin may call, with credentials.
enum CORS {
    private static let methods = ["GET", "HEAD", "POST"]
    private static let headers = [
        "accept", "accept-language", "authorization", "content-type", "origin", "x-requested-with",
    ]

    /// The answer to a preflight; nil for any other request. It comes before everything else, even before the instance is looked for.
    static func preflight(_ request: HTTPRequest) -> HTTPResponse? {
        guard request.method == "OPTIONS", let method = request.header("access-control-request-method"), !method.isEmpty
        else { return nil }
        var response = HTTPResponse(
            status: 204, headers: [("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers")])
        let asked = request.header("access-control-request-headers")
        if let origin = request.header("origin"), !origin.isEmpty, methods.contains(method), isAllowed(asked ?? "") {
            response.headers.append(("Access-Control-Allow-Origin", origin))
            response.headers.append(("Access-Control-Allow-Methods", method))
            if let asked, !asked.isEmpty { response.headers.append(("Access-Control-Allow-Headers", asked)) }
            response.headers.append(("Access-Control-Allow-Credentials", "true"))
        }
        return response
    }

    /// Browsers send the names in lower case, sorted, each once; a list that is not is no browser's. Headers to this server alone, which drivers of browsers
    /// set on all requests, are let through.
    private static func isAllowed(_ list: String) -> Bool {
        guard !list.isEmpty else { return true }
        let names = list.split(separator: ",", omittingEmptySubsequences: false).map {
            $0.filter { $0 != " " && $0 != "\t" }
        }.filter { !$0.isEmpty && !$0.hasPrefix("mock-") }
        return names.allSatisfy(headers.contains) && zip(names, names.dropFirst()).allSatisfy { $0 < $1 }
    }

    /// What an answer to a request with an `Origin` carries.
    static func headers(for request: HTTPRequest) -> [(name: String, value: String)] {
        guard let origin = request.header("origin"), !origin.isEmpty else { return [] }
        return [
            ("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Credentials", "true"),
            ("Access-Control-Expose-Headers", "Location, Content-Length"),
        ]
    }
}
