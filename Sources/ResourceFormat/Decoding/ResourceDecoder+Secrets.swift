import Crypto
import Encodings
import Model

extension ResourceDecoder {
    /// Hashes a client secret with a salt of its own.
    func clientSecret(_ secret: String, of id: String, _ location: SourceLocation) -> SecretHash {
        note(secret: secret, of: id, at: location)
        let salt = environment.randomBytes(16)
        return SecretHash(salt: salt, digest: clientSecretDigest(secret, salt: salt))
    }

    /// A password, to be hashed when it is first needed: hashing all of them would delay a start by milliseconds each.
    func password(_ password: String, _ location: SourceLocation) -> SecretHash {
        warnOfOddity(password, location)
        let salt = environment.randomBytes(16)
        decoded.deferredPasswords[salt] = password
        return SecretHash(salt: salt, digest: [])
    }

    /// Sets the value of a personal access token.
    func token(_ value: String, of token: inout PersonalAccessToken, _ location: SourceLocation) {
        note(secret: value, of: token.id, at: location)
        token.digest = tokenDigest(value)
    }

    /// The text of a file; nil, and reported, when it cannot be read.
    func text(ofFile path: String, _ location: SourceLocation) -> String? {
        guard let content = content(path, location) else { return nil }
        if let encoding = TextFile.wideEncoding(content) {
            diagnostics.add(location, "\(path): is \(encoding); save it as UTF-8")
            return nil
        }
        guard let text = String(validating: TextFile.withoutByteOrderMark(content), as: UTF8.self) else {
            diagnostics.add(location, "\(path): is not UTF-8")
            return nil
        }
        return text
    }

    /// A secret from a file, without the line end that editors and `echo` put after it. White space that is left is warned of, and stays.
    func secret(ofFile path: String, _ location: SourceLocation) -> String? {
        guard let text = text(ofFile: path, location) else { return nil }
        let secret = text.withoutLineEnd
        guard !secret.isEmpty else {
            diagnostics.add(location, "\(path): is empty")
            return nil
        }
        guard !secret.utf8.contains(0) else {
            diagnostics.add(location, "\(path): holds the character U+0000, which no secret can hold")
            return nil
        }
        if let oddity = ValueOddity(secret) {
            diagnostics.warn(location, "\(path): \(oddity.sentence(of: "the secret"))")
        }
        return secret
    }

    /// Warns of a secret that came from the environment with what was around it there.
    func warnOfOddity(_ secret: String, _ location: SourceLocation) {
        guard environment.files?.isFromEnvironment(location) == true, !location.pointer.hasSuffix("File"),
            let oddity = ValueOddity(secret)
        else { return }
        diagnostics.warn(location, "the value of the variable \(oddity.sentence(of: "the secret"))")
    }

    /// The content of a file; nil, and reported, when it cannot be read, or documents of this kind may not name files.
    func content(_ path: String, _ location: SourceLocation) -> [UInt8]? {
        // What no path can be was reported with the shape.
        guard TextRules.problem(path, .path) == nil else { return nil }
        guard let files = environment.files else {
            diagnostics.add(location, "files can be named in seed files only; send the content itself")
            return nil
        }
        do { return try files.content(path, of: location) } catch {
            diagnostics.add(location, error.message)
            return nil
        }
    }
}
