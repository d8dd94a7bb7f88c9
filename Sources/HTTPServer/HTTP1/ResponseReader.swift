import HTTP

/// Reads a response (RFC 9112 sections 4 and 6), however its bytes are cut: for the client.
struct ResponseReader {
    /// Bytes of a head that are read, with the interim responses before it.
    static let headLimit = 1 << 20
    /// Bytes of a body in chunks that are read.
    static let bodyLimit = 64 << 20

    /// Status and header fields, as soon as all of them are there. Interim responses are passed over.
    private(set) var head: HTTPResponse?
    /// Whether nothing can follow.
    private(set) var isComplete = false
    private var rest: [UInt8] = []
    /// Bytes of interim responses.
    private var interimBytes = 0
    private var chunks: ChunkedDecoder?
    /// Bytes of the body that are missing; nil when it ends with the connection.
    private var missing: Int?

    /// Reads on.
    /// - Returns: what is new of the body.
    /// - Throws: `HTTPClient.Failure` for bytes that are not a response.
    mutating func read(_ bytes: some Sequence<UInt8>) throws(HTTPClient.Failure) -> [UInt8] {
        rest += bytes
        while head == nil {
            guard interimBytes <= Self.headLimit, let end = headEnd() else {
                guard interimBytes + rest.count <= Self.headLimit, rest.starts(with: "HTTP/".utf8.prefix(rest.count))
                else {
                    throw HTTPClient.Failure(description: "not an HTTP response")
                }
                return []
            }
            let response = try Self.parse(rest[..<end])
            rest.removeFirst(end)
            interimBytes += end
            if response.status >= 200 || response.status == 101 { begin(response) }
        }
        return try body()
    }

    /// Where the empty line after the header fields ends.
    private func headEnd() -> Int? {
        var isEmpty = false
        for (index, byte) in rest.enumerated() where byte != 13 {
            if byte == 10, isEmpty { return index + 1 }
            isEmpty = byte == 10
        }
        return nil
    }

    private static func parse(_ bytes: ArraySlice<UInt8>) throws(HTTPClient.Failure) -> HTTPResponse {
        let lines = bytes.filter { $0 != 13 }.split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
        guard let words = lines.first?.split(separator: " "), words.count >= 2, words[0].hasPrefix("HTTP/"),
            let status = Int(words[1]), (100...999).contains(status)
        else { throw HTTPClient.Failure(description: "not an HTTP response") }
        var response = HTTPResponse(status: status)
        for field in lines.dropFirst() {
            let sides = field.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            response.headers.append((String(sides[0]), String(sides.last?.drop { $0 == " " } ?? "")))
        }
        return response
    }

    private mutating func begin(_ response: HTTPResponse) {
        head = response
        if HTTPResponse.isBodiless(response.status) {
            isComplete = true
        } else if response.header("transfer-encoding").map({ Bytes.equalsIgnoringCase($0.utf8, "chunked") }) ?? false {
            chunks = ChunkedDecoder()
        } else {
            missing = response.header("content-length").flatMap(Bytes.decimal)
            isComplete = missing == 0
        }
    }

    private mutating func body() throws(HTTPClient.Failure) -> [UInt8] {
        guard !isComplete else { return [] }
        guard chunks == nil else { return try unchunked() }
        let piece = missing.map { Array(rest.prefix($0)) } ?? rest
        rest = []
        if let missing {
            self.missing = missing - piece.count
            isComplete = missing == piece.count
        }
        return piece
    }

    private mutating func unchunked() throws(HTTPClient.Failure) -> [UInt8] {
        var piece: [UInt8] = []
        guard var decoder = chunks else { return [] }
        let result = rest.withUnsafeBufferPointer { bytes in
            Result { () throws(HTTPRejection) in try decoder.decode(bytes, into: &piece, limit: Self.bodyLimit) }
        }
        guard case .success(let (outcome, consumed)) = result, outcome != .tooLong else {
            throw HTTPClient.Failure(description: "the response has malformed chunks")
        }
        rest.removeFirst(consumed)
        chunks = decoder
        isComplete = outcome == .complete
        return piece
    }
}
