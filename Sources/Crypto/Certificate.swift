import COpenSSL

/// X.509 certificates.
public enum Certificate {
    /// Whether the bytes begin with a certificate in DER.
    public static func isReadable(der bytes: [UInt8]) -> Bool {
        defer { ERR_clear_error() }
        return bytes.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            guard let certificate = d2i_X509(nil, &cursor, buffer.count) else { return false }
            X509_free(certificate)
            return true
        }
    }
}
