import Crypto
import Encodings
import JOSE
import Testing

/// The examples of the RFCs, whose signatures were computed by others.
@Suite struct RFCVectorTests {
    private static let payload =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"

    private static func key(_ members: JSONObject) throws -> PublicKey { try #require(PublicKey(jwk: members)) }

    static let rsa: JSONObject = [
        "kty": .string("RSA"), "e": .string("AQAB"),
        "n": .string(
            "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
        ),
    ]
    static let p256: JSONObject = [
        "kty": .string("EC"), "crv": .string("P-256"), "x": .string("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
        "y": .string("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"),
    ]
    static let p521: JSONObject = [
        "kty": .string("EC"), "crv": .string("P-521"),
        "x": .string("AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk"),
        "y": .string("ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2"),
    ]
    static let ed25519: JSONObject = [
        "kty": .string("OKP"), "crv": .string("Ed25519"), "x": .string("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"),
    ]

    @Test("the RS256 example of RFC 7515 A.2 verifies")
    func rs256() throws {
        let signature =
            "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
        let token = try CompactJWS("eyJhbGciOiJSUzI1NiJ9.\(Self.payload).\(signature)")
        #expect(token.isSigned(by: try Self.key(Self.rsa)))
        #expect(token.claims["iss"] == .string("joe") && token.claims["exp"] == .integer(1_300_819_380))
        #expect(!token.isSigned(by: try Self.key(Self.p256)))
    }

    @Test("the ES256 example of RFC 7515 A.3 verifies")
    func es256() throws {
        let signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
        let token = try CompactJWS("eyJhbGciOiJFUzI1NiJ9.\(Self.payload).\(signature)")
        #expect(token.isSigned(by: try Self.key(Self.p256)))
        #expect(!token.isSigned(by: try Self.key(Self.rsa)))
    }

    @Test("the ES512 example of RFC 7515 A.4 verifies")
    func es512() throws {
        let signature =
            "AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn"
        let bytes = try #require(Base64.urlDecoded(signature.utf8))
        let message = Array("eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA".utf8)
        #expect(try Self.key(Self.p521).verifies(bytes, of: message, by: .es512))
        #expect(try !Self.key(Self.p521).verifies(bytes, of: message + [0], by: .es512))
    }

    @Test("the Ed25519 example of RFC 8037 A.4 verifies")
    func edDSA() throws {
        let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        let bytes = try #require(Base64.urlDecoded(signature.utf8))
        let message = Array("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc".utf8)
        #expect(try Self.key(Self.ed25519).verifies(bytes, of: message, by: .edDSA))
        #expect(try !Self.key(Self.ed25519).verifies(bytes, of: message.dropLast(), by: .edDSA))
    }

    @Test(
        "a JWK is written as it was read, with the members of RFC 7518 for its type",
        arguments: [rsa, p256, p521, ed25519])
    func roundTrip(members: JSONObject) throws {
        let written = try #require(try Self.key(members).jwk(id: "k", algorithm: .rs256).object)
        for member in members.members { #expect(written[member.name] == member.value) }
        #expect(written["use"] == .string("sig") && written["kid"] == .string("k"))
    }

    @Test(
        "a JWK that lacks a member, or whose point is on no curve, is rejected",
        arguments: [
            [:], ["kty": .string("oct"), "k": .string("c2VjcmV0")], ["kty": .string("RSA"), "e": .string("AQAB")],
            ["kty": .string("RSA"), "n": .string("AQAB"), "e": .string("AQAB")],
            ["kty": .string("EC"), "crv": .string("P-256"), "x": .string("AA")],
            [
                "kty": .string("EC"), "crv": .string("secp256k1"), "x": .string(String(repeating: "A", count: 43)),
                "y": .string(String(repeating: "A", count: 43)),
            ],
            [
                "kty": .string("EC"), "crv": .string("P-256"), "x": .string(String(repeating: "A", count: 43)),
                "y": .string(String(repeating: "A", count: 43)),
            ],
            [
                "kty": .string("OKP"), "crv": .string("X25519"),
                "x": .string("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"),
            ],
            [
                "kty": .string("OKP"), "crv": .string("Ed25519"),
                "x": .string("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHU"),
            ],
        ] as [JSONObject])
    func badKeys(members: JSONObject) {
        #expect(PublicKey(jwk: members) == nil)
    }
}
