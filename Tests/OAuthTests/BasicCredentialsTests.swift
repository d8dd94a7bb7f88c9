import Encodings
import OAuth
import Testing

@Suite struct BasicCredentialsTests {
    private static func header(_ text: String) -> String { "Basic " + Base64.encoded(Array(text.utf8)) }

    @Test(
        "both parts of Basic credentials are form-decoded, and unescaped characters are reported",
        arguments: [
            ("id:secret", "id", "secret", false), ("id:a+b", "id", "a b", false), ("id:a%2Bb", "id", "a+b", false),
            ("id:a:b", "id", "a:b", true),
            ("a%3Ab:c", "a:b", "c", false), (":", "", "", false), ("id:", "id", "", false),
            (":secret", "", "secret", false),
            ("user@acme.localhost:s", "user@acme.localhost", "s", true), ("id:a b", "id", "a b", true),
            ("id:é", "id", "é", true),
            ("id:-._~*", "id", "-._~*", false), ("id:100%25", "id", "100%", false),
        ])
    func good(text: String, id: String, secret: String, wasNotEncoded: Bool) throws {
        let credentials = try #require(try BasicCredentials.parse(Self.header(text)))
        #expect(credentials.clientID == id)
        #expect(credentials.secret.exposed == secret)
        #expect(credentials.wasNotEncoded == wasNotEncoded)
    }

    @Test("both parts of Basic credentials are available as they were sent, too") func raw() throws {
        let credentials = try #require(try BasicCredentials.parse(Self.header("c+d:a%2Bb")))
        #expect(credentials.rawClientID == "c+d")
        #expect(credentials.rawSecret.exposed == "a%2Bb")
    }

    @Test("the scheme Basic is recognized in any letter case", arguments: ["Basic", "basic", "BASIC"])
    func scheme(scheme: String) throws {
        #expect(try BasicCredentials.parse("\(scheme) aWQ6c2VjcmV0")?.clientID == "id")
    }

    @Test(
        "a header that is not Basic authentication counts as not sent",
        arguments: [
            nil, "", "Basic", "Basic ", "Bearer aWQ6c2VjcmV0", "Basicx aWQ6c2VjcmV0", "Basic aWQ6c2VjcmV", "Basic !!!!",
            "Basic aWRzZWNyZXQ=",
            "Basic  aWQ6c2VjcmV0", "Digest username=a",
        ] as [String?])
    func absent(header: String?) throws {
        #expect(try BasicCredentials.parse(header) == nil)
    }

    @Test(
        "a malformed escape in either part of Basic credentials is an error of its own",
        arguments: ["id:100%", "i%d:secret", "id:%zz", "%:%"])
    func badEscape(text: String) {
        #expect(throws: BasicCredentials.BadEscape.self) { try BasicCredentials.parse(Self.header(text)) }
    }

    @Test("credentials that are not UTF-8 are also read as ISO 8859-1, to name the mistake") func latin1() throws {
        let header = "Basic " + Base64.encoded(Array("id:p".utf8) + [0xE4] + Array("ss".utf8))
        #expect(try BasicCredentials.parse(header)?.latin1Secret?.exposed == "päss")
        #expect(try BasicCredentials.parse(Self.header("id:päss"))?.latin1Secret == nil)
    }
}
