import Encodings
import HTTP
import HTTPServer
import Server

/// Calls the control API of a running server.
struct ControlClient: Sendable {
    let address: ServerAddress
    var token: String?
    /// The isolated instance that is meant; nil for the one that the host names.
    var instance: String?
    /// What is sent as host; nil for that of the address.
    var hostName: String?

    /// What members of bodies are called in messages.
    var names = MemberNames()

    typealias Query = [(name: String, value: String)]

    /// No answer could be had.
    struct Unreachable: Error, CustomStringConvertible {
        let description: String
    }

    /// The server answered that it cannot do what was asked.
    struct Refused: Error, CustomStringConvertible {
        let description: String
        let response: HTTPResponse
    }

    /// A request to the control API.
    /// - Parameter path: below `/mock/v1`.
    func request(_ method: String, _ path: String, query: Query = [], body: JSONObject? = nil) -> HTTPRequest {
        let encoded = query.map { PercentEncoding.formEncoded($0.name) + "=" + PercentEncoding.formEncoded($0.value) }
        var request = HTTPRequest(
            method: method, path: "/mock/v1" + path, query: Array(encoded.joined(separator: "&").utf8),
            headers: [("host", hostName ?? address.authority), ("accept", "application/json")])
        if let token { request.headers.append(("authorization", "Bearer \(token)")) }
        if let instance { request.headers.append((MockHeader.instance.field, instance)) }
        if let body {
            request.headers.append(("content-type", "application/json"))
            request.body = JSON.object(body).bytes()
        }
        return request
    }

    /// Seconds that an answer may take: what only reads is answered at once.
    private static func patience(_ method: String) -> Int { method == "GET" ? 10 : 30 }

    /// - Parameter seconds: for the whole answer; nil for what the method usually takes.
    /// - Returns: a response of status 2xx.
    /// - Throws: `Unreachable`, or `Refused` for any other status.
    @discardableResult
    func call(
        _ method: String, _ path: String, query: Query = [], body: JSONObject? = nil, seconds: Int? = nil
    ) throws -> HTTPResponse {
        let request = request(method, path, query: query, body: body)
        let response: HTTPResponse
        do {
            response = try HTTPClient.send(
                request, host: address.host, port: address.port, timeout: seconds ?? Self.patience(method))
        } catch { throw unreachable(error) }
        guard (200...299).contains(response.status) else { throw refused(response) }
        guard Self.isOfControlAPI(response) else { throw foreign }
        return response
    }

    /// What answers is not a server of this program.
    var foreign: Unreachable {
        Unreachable(
            description:
                "what answers at \(address.text) is not mock-zitadel: the response is not from the control API; name the server with --url"
        )
    }

    /// All answers of the control API are objects with members, or empty.
    private static func isOfControlAPI(_ response: HTTPResponse) -> Bool {
        if response.status == 204 { return true }
        return (try? JSONParser.parse(response.body))?.object?.members.isEmpty == false
    }

    func unreachable(_ failure: HTTPClient.Failure) -> Unreachable {
        let (problem, advice) =
            switch failure.kind {
            case .notHTTP: ("no server", "what listens there does not speak HTTP; name the server with --url")
            case .noAnswer: ("no answer", "something listens there; look at its log, or name another with --url")
            default: ("no server", "start one with mock-zitadel, or name another with --url")
            }
        return Unreachable(description: "\(problem) at \(address.text): \(failure); \(advice)")
    }

    func refused(_ response: HTTPResponse) -> Refused {
        Refused(description: reason(response), response: response)
    }

    /// What a problem document says, in one line.
    private func reason(_ response: HTTPResponse) -> String {
        guard response.header("content-type")?.hasPrefix("application/problem+json") == true,
            let problem = (try? JSONParser.parse(response.body))?.object, let detail = problem["detail"]?.string
        else {
            return response.status == 404
                ? "the server has no control API here: it was started with --control off or with --control-port, or it is another server"
                : "the server answered with status \(response.status)"
        }
        let all = (problem["problems"]?.array ?? []).compactMap(\.object).map { each in
            names.message(each["pointer"]?.string ?? "", each["detail"]?.string ?? "")
        }
        let single = problem["pointer"]?.string.map { names.message($0, detail) } ?? detail
        let text = all.isEmpty ? single : all.joined(separator: "; ")
        return response.status == 401
            ? "\(text); here, that is --control-token or MOCK_ZITADEL_CONTROL_TOKEN" : text
    }

    /// One segment of a path.
    static func segment(_ text: String) -> String { PercentEncoding.formEncoded(text) }
}

extension HTTPResponse {
    /// Whether it is what a port with the control API alone answers to a path of anything else: no endpoint or page answers with a problem document.
    var hasControlAPIAlone: Bool {
        guard header("content-type") == "application/problem+json" else { return false }
        // Who may call is looked at before the path.
        guard status == 404 else { return status == 401 || status == 403 }
        let detail = (try? JSONParser.parse(body))?.object?["detail"]?.string
        return detail?.hasPrefix("there is no route ") == true
    }
}
