import Crypto
@testable import Provider
import TestSupport
import Testing

/// The bound of the public keys that are kept parsed.
@Suite struct ParsedKeysTests {
    @Test("with one key more than may be kept, all are parsed anew") func limit() throws {
        let pem = try PrivateKey.generate(for: .es256).publicKey.pem
        let keys = ParsedKeys(limit: 3)
        // What is in front of the block does not belong to the key.
        for number in 0..<3 { #expect(keys.key("\(number)\n" + pem) != nil) }
        #expect(keys.count == 3)
        #expect(keys.key("0\n" + pem) != nil)
        #expect(keys.count == 3, "it was known")
        #expect(keys.key("3\n" + pem) != nil)
        #expect(keys.count == 1)
        #expect(keys.key("no key") == nil)
        #expect(keys.count == 1)
    }
}
