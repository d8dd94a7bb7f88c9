import COpenSSL

/// OpenSSL failed at something that cannot fail with valid input: out of memory, or a broken installation.
public struct CryptographyFailure: Error, CustomStringConvertible {
    public let description: String

    init(_ operation: String) {
        var text = "OpenSSL: \(operation) failed"
        var buffer = [CChar](repeating: 0, count: 256)
        while case let code = ERR_get_error(), code != 0 {
            ERR_error_string_n(code, &buffer, buffer.count)
            text += "; " + String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        description = text
    }
}
