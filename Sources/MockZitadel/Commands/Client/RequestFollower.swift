import Encodings
import HTTP
import HTTPServer

/// Prints requests as they come in, from server-sent events.
final class RequestFollower {
    private let session: ControlSession
    private let query: ControlClient.Query
    private var rest: [UInt8] = []
    private var refusal: [UInt8] = []

    init(session: ControlSession, query: ControlClient.Query) {
        self.session = session
        self.query = query
    }

    /// Runs until the server ends.
    /// - Throws: `ControlClient.Unreachable`, `ControlClient.Refused`
    func run() throws {
        let client = session.client
        var request = client.request("GET", "/requests/events", query: query)
        request.headers.append(("accept", "text/event-stream"))
        var refused: HTTPResponse?
        do {
            try HTTPClient.stream(request, host: client.address.host, port: client.address.port) { head, piece in
                guard head.status == 200 else {
                    refused = head
                    refusal += piece
                    return true
                }
                take(piece)
                return true
            }
        } catch { throw client.unreachable(error) }
        guard var refused else { throw ControlClient.Unreachable(description: "\(client.address.text) has ended") }
        refused.body = refusal
        throw client.refused(refused)
    }

    private func take(_ piece: [UInt8]) {
        rest += piece
        while let end = rest.firstIndex(of: 10) {
            let line = String(decoding: rest[..<end], as: UTF8.self)
            rest.removeFirst(end + 1)
            guard line.hasPrefix("data: ") else { continue }
            let data = String(line.dropFirst(6))
            if session.isJSON {
                Terminal.print(data)
            } else if let entry = (try? JSONParser.parse(data.utf8))?.object {
                Terminal.print(row(entry))
            }
        }
    }

    /// One line, with columns as wide as those of most requests.
    private func row(_ entry: JSONObject) -> String {
        let widths = [0, 8, 6, 26, 6, 8, 18, 18, 0]
        let cells = zip(RequestsCommand.columns, widths).dropFirst().map { column, width in
            let cell = column.cell(entry)
            return cell + String(repeating: " ", count: max(0, width - cell.count))
        }
        return Terminal.table([Array(cells)], isColored: session.isColored, hasHeading: false)
    }
}
