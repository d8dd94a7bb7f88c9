import Encodings
import Glibc
import ResourceFormat
import Seeding
import TestSupport
import Testing

/// Files that hold nothing but a secret, a password or a token.
@Suite struct SecretFileTests {
    private let folder = TemporaryFolder()

    /// A seed with a secret, a password and a token of one file.
    private func seed(_ bytes: [UInt8]) -> String {
        let path = folder.write("", to: "secret")
        let descriptor = open(path, O_WRONLY | O_TRUNC)
        _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
        return folder.write(
            #"{"organizations": [{"name": "A", "users": [{"type": "human", "id": "1", "userName": "h", "passwordFile": "secret"}, {"type": "machine", "id": "2", "userName": "m", "clientSecretFile": "secret", "personalAccessTokens": [{"id": "3", "tokenFile": "secret"}]}]}]}"#,
            to: "seed.json")
    }

    @Test("a byte order mark is not part of a secret")
    func byteOrderMark() throws {
        let seed = try SeedReading.load([seed([0xEF, 0xBB, 0xBF] + Array("0123456789abcdef\r\n".utf8))])
        #expect(seed.secrets == ["2": "0123456789abcdef", "3": "0123456789abcdef"])
        #expect(Array(seed.deferredPasswords.values) == ["0123456789abcdef"])
        #expect(seed.warnings.isEmpty)
    }

    static let refused: [(bytes: [UInt8], message: String)] = [
        (Array("0123456789abcdef\0".utf8), "secret: holds the character U+0000"),
        ([0xFF, 0xFE] + "0123456789abcdef".utf8.flatMap { [$0, 0] }, "secret: is UTF-16; save it as UTF-8"),
        ("0123456789abcdef".utf8.flatMap { [$0, 0] }, "secret: is UTF-16; save it as UTF-8"),
        (
            [0xFF, 0xFE, 0, 0] + "0123456789abcdef".utf8.flatMap { [$0, 0, 0, 0] },
            "secret: is UTF-32; save it as UTF-8"
        ),
        ([0xEF, 0xBB, 0xBF, 0x0A], "secret: is empty"),
    ]

    @Test("a file whose content cannot be a secret is refused", arguments: refused.indices)
    func refusal(index: Int) {
        let (bytes, message) = Self.refused[index]
        let problems = SeedReading.problems(paths: [seed(bytes)])
        #expect(problems.count == 3)
        for problem in problems { #expect(problem.contains(message), "\(problem)") }
    }

    @Test("quotation marks, white space and line breaks that remain in a secret cause a warning")
    func whiteSpace() throws {
        func load(_ secret: String) throws -> [String] {
            folder.write(secret, to: "secret")
            let path = folder.write(
                #"{"organizations": [{"name": "A", "users": [{"type": "machine", "id": "2", "userName": "m", "clientSecretFile": "secret"}]}]}"#,
                to: "seed.json")
            return try SeedReading.load([path]).warnings.map(\.message)
        }
        let (file, part) = ("secret: ", ", which is part of the secret")
        #expect(try load("\"s3cret\"\n") == [file + "is in quotation marks, which are part of the secret"])
        #expect(try load("s3cret \n") == [file + "begins or ends with white space" + part])
        #expect(try load("\ts3cret") == [file + "begins or ends with white space" + part])
        #expect(try load("s3cret\n\n") == [file + "begins or ends with white space" + part])
        #expect(
            try load("CLIENT_SECRET=s3cret\n") == [
                file + "begins with a name and an equals sign, which are part of the secret"
            ])
        #expect(try load("QUJD_REVG==\n").isEmpty == true)
        #expect(try load("s3\ncret\n") == [file + "holds several lines, which are all part of the secret"])
        #expect(try load("s3 cret\n") == [])
    }
}
