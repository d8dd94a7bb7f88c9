import Encodings

/// Where a running server is: `http://localhost:8080`.
struct ServerAddress: Sendable, Equatable {
    /// Without brackets.
    let host: String
    let port: Int

    static let expectation = "http:// and a host with its port, such as http://localhost:8080"

    /// - Returns: nil for a text that is not an address of this form; a slash at the end does not matter.
    init?(_ text: String) {
        guard let url = WebURL(text), url.scheme == "http", !url.host.isEmpty, url.path.isEmpty || url.path == "/",
            url.query.isEmpty, !text.contains("@")
        else { return nil }
        host = url.host
        port = url.port ?? 80
    }

    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == 80 ? name : "\(name):\(port)"
    }

    var text: String { "http://\(authority)" }
}
