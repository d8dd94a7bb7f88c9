/// Bytes in and out of one client, without waiting. The HTTP connection above knows nothing of sockets.
protocol Transport: AnyObject {
    func read(into buffer: UnsafeMutableBufferPointer<UInt8>) -> TransportResult
    func write(_ bytes: UnsafeRawBufferPointer) -> TransportResult
    /// Says that nothing more will be sent.
    func finishWriting()
    /// Ends the connection at once, so that the client sees a reset.
    func reset()
    func close()
}
