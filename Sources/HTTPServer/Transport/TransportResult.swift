enum TransportResult: Equatable {
    /// Bytes that were moved; at least 1.
    case moved(Int)
    case wouldBlock
    /// The client has sent all that it wanted to send.
    case end
    case failed
}
