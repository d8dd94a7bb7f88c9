import COpenSSL

/// Runs `write` against a memory buffer of OpenSSL and gives what was written as text.
func writtenText(_ write: (OpaquePointer) -> Bool) -> String? {
    guard let bio = BIO_new(BIO_s_mem()) else { return nil }
    defer { BIO_free(bio) }
    var start: UnsafeMutablePointer<CChar>?
    guard write(bio), case let count = mz_memory_contents(bio, &start), count > 0, let start else { return nil }
    return String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
}

/// Runs `read` on the text as a memory buffer of OpenSSL.
func withMemoryBuffer<Result>(_ text: String, _ read: (OpaquePointer) -> Result?) -> Result? {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBytes { buffer in
        guard let bio = mz_memory_reader(buffer.baseAddress, Int32(buffer.count)) else { return nil }
        defer { BIO_free(bio) }
        return read(bio)
    }
}
