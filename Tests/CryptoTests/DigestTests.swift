import Crypto
import Encodings
import Testing

@Suite struct DigestTests {
    @Test("the digests of abc match the examples of FIPS 180-4")
    func digests() {
        #expect(
            hexadecimal(Digest.sha256.hash("abc".utf8))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            hexadecimal(Digest.sha384.hash("abc".utf8)).hasPrefix("cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163"))
        #expect(
            hexadecimal(Digest.sha512.hash("abc".utf8)).hasPrefix("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea2"))
    }
}
