import Crypto
import Encodings
import JOSE
import TestSupport
import Testing

@Suite struct KeyFileTests {
    @Test(
        "a key file is written in ZITADEL's order of members and read again",
        arguments: [
            (KeyFile.Owner.application(appID: "201", clientID: "301"), ["type", "keyId", "key", "appId", "clientId"]),
            (.serviceAccount(userID: "501"), ["type", "keyId", "key", "expirationDate", "userId"]),
        ])
    func roundTrip(owner: KeyFile.Owner, names: [String]) throws {
        let key = try #require(PrivateKey(pem: PEM.pkcs1Private))
        let file = KeyFile(keyID: "900", privateKey: key, owner: owner)
        #expect(file.json.object?.members.map(\.name) == names)
        let read = try KeyFile(file.json.bytes())
        #expect(read.keyID == "900" && read.owner == owner && read.privateKey.pem == PEM.pkcs1Private + "\n")
        #expect(read.expirationDate == (names.contains("expirationDate") ? "9999-12-31T23:59:59Z" : nil))
        #expect(read.json == file.json)
    }

    @Test("members that ZITADEL may add are ignored, and PKCS#8 is read")
    func additions() throws {
        let text =
            #"{"new":1,"type":"serviceaccount","keyId":"1","key":\#(JSON.string(PEM.pkcs8Private).text),"userId":"2","expirationDate":"2030-01-01T00:00:00Z"}"#
        let file = try KeyFile(Array(text.utf8))
        #expect(file.owner == .serviceAccount(userID: "2") && file.expirationDate == "2030-01-01T00:00:00Z")
    }

    @Test("an expiration date of null means that the key does not expire") func nullDate() throws {
        let text = #"{"type":"serviceaccount","keyId":"1","key":\#(Self.key),"userId":"2","expirationDate":null}"#
        #expect(try KeyFile(Array(text.utf8)).expirationDate == nil)
    }

    private static let key = JSON.string(PEM.pkcs1Private).text

    private static let invalidFiles: [(String, String)] = [
        ("", "is not JSON (line 1, column 1: the text is empty; expected a value)"),
        ("[]", "holds an array; expected an object"),
        ("{}", "has no member \"type\""), (#"{"type":1}"#, "has a \"type\" that is a number; expected a string"),
        (#"{"type":"application"}"#, "has no member \"keyId\""),
        (#"{"type":"application","keyId":""}"#, "has a \"keyId\" that is empty"),
        (#"{"type":"application","keyId":726}"#, "has a \"keyId\" that is a number; expected a string"),
        (#"{"type":"application","keyId":null}"#, "has no member \"keyId\""),
        (#"{"type":"application","keyId":"1"}"#, "has no member \"key\""),
        (#"{"type":"application","keyId":"1","key":"x"}"#, "has a \"key\" that is not a private key in PEM"),
        (
            #"{"type":"application","keyId":"1","key":\#(JSON.string(PEM.pkix).text)}"#,
            "has a \"key\" that is not a private key in PEM"
        ),
        (
            #"{"type":"application","keyId":"1","key":\#(JSON.string(PEM.encryptedPKCS8).text)}"#,
            "has a \"key\" that is encrypted; remove its passphrase (openssl pkey -in KEY -out NEW)"
        ),
        (#"{"type":"application","keyId":"1","key":\#(key)}"#, "has no member \"appId\""),
        (#"{"type":"application","keyId":"1","key":\#(key),"appId":"2"}"#, "has no member \"clientId\""),
        (#"{"type":"serviceaccount","keyId":"1","key":\#(key)}"#, "has no member \"userId\""),
        (
            #"{"type":"robot","keyId":"1","key":\#(key)}"#,
            "is of type \"robot\"; expected \"application\" or \"serviceaccount\""
        ),
        (
            #"{"type":"serviceaccount","keyId":"1","key":\#(key),"userId":"2","expirationDate":1893456000}"#,
            "has an \"expirationDate\" that is a number; expected a string or null"
        ),
        (
            #"{"type":"serviceaccount","keyId":"1","key":\#(key),"userId":"2","expirationDate":false}"#,
            "has an \"expirationDate\" that is a boolean; expected a string or null"
        ),
    ]

    @Test("the error for an invalid key file says what is wrong", arguments: invalidFiles)
    func invalid(text: String, message: String) {
        #expect { try KeyFile(Array(text.utf8)) } throws: { ($0 as? KeyFile.Invalid)?.message == message }
    }
}
