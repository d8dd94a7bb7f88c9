public import Crypto
public import Encodings

/// Makes JWSs with any header, faulty ones too: for test doubles that issue broken tokens. `CompactJWS.sign` makes those that are right.
public struct JWSBuilder: Sendable {
    public var header: JSONObject
    public var claims: JSONObject

    public init(header: JSONObject, claims: JSONObject) {
        self.header = header
        self.claims = claims
    }

    private var signingInput: String {
        Base64.urlEncoded(JSON.object(header).bytes()) + "." + Base64.urlEncoded(JSON.object(claims).bytes())
    }

    /// The compact form, signed by a private key.
    /// - Throws: `CryptographyFailure` when the key cannot sign with the algorithm.
    public func signed(by key: PrivateKey, algorithm: SignatureAlgorithm) throws -> String {
        let input = signingInput
        return input + "." + Base64.urlEncoded(try key.sign(Array(input.utf8), by: algorithm))
    }

    /// The compact form with an empty signature, as `"alg":"none"` has it.
    public var unsigned: String { signingInput + "." }
}
