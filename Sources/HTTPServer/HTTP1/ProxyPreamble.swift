import HTTP

/// What a load balancer sends in front of a request when it speaks the PROXY protocol, which this server does not.
enum ProxyPreamble {
    /// The beginnings of version 1, which is a line of text.
    private static let lines = ["PROXY TCP4 ", "PROXY TCP6 ", "PROXY UNKNOWN"].map { Array($0.utf8) }
    /// How version 2 begins after two empty lines.
    private static let signature: [UInt8] = [0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]

    /// Whether bytes may become a preamble of version 2 when more of them come.
    /// - Parameter emptyLines: empty lines in front of the bytes.
    /// - Throws: `HTTPRejection` when they are a preamble.
    static func isBeginning(of bytes: ArraySlice<UInt8>, after emptyLines: Int) throws(HTTPRejection) -> Bool {
        guard let first = bytes.first, first == signature[0] || first == lines[0][0] else { return false }
        let isVersion2 = emptyLines == 2 && bytes.starts(with: signature)
        guard !isVersion2, !lines.contains(where: { bytes.starts(with: $0) }) else {
            throw HTTPRejection(
                .proxyProtocol,
                "Client sent a PROXY protocol preamble to an HTTP server; switch it off (send-proxy of HAProxy, proxy_protocol of nginx)"
            )
        }
        return emptyLines == 2 && bytes.count < signature.count && signature.starts(with: bytes)
    }
}
