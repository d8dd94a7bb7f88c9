import Crypto
import Encodings
import Model

extension ResourceDecoder {
    /// Hashes a client secret with a salt of its own.
    func clientSecret(_ secret: String, of id: String, _ place: SourceLocation) -> SecretHash {
        note(secret: secret, of: id, at: place)
        let salt = environment.randomBytes(16)
        return SecretHash(salt: salt, digest: clientSecretDigest(secret, salt: salt))
    }

    /// A password, to be hashed when it is first needed: hashing all of them would delay a start by milliseconds each.
    func password(_ password: String) -> SecretHash {
        let salt = environment.randomBytes(16)
        decoded.deferredPasswords[salt] = password
        return SecretHash(salt: salt, digest: [])
    }

    /// Sets the value of a personal access token.
    func token(_ value: String, of token: inout PersonalAccessToken, _ place: SourceLocation) {
        note(secret: value, of: token.id, at: place)
        token.digest = tokenDigest(value)
    }

    /// The text of a file; nil, and reported, when it cannot be read.
    func text(ofFile path: String, _ place: SourceLocation) -> String? {
        guard let content = content(path, place) else { return nil }
        guard let text = String(validating: content, as: UTF8.self) else {
            diagnostics.add(place, "\(path): is not UTF-8")
            return nil
        }
        return text
    }

    /// A secret from a file, without the line end that editors and `echo` put behind it.
    func secret(ofFile path: String, _ place: SourceLocation) -> String? {
        guard let text = text(ofFile: path, place) else { return nil }
        let secret = text.withoutLineEnd
        guard !secret.isEmpty else {
            diagnostics.add(place, "\(path): is empty")
            return nil
        }
        return secret
    }

    /// The content of a file; nil, and reported, when it cannot be read, or documents of this kind may not name files.
    func content(_ path: String, _ place: SourceLocation) -> [UInt8]? {
        guard let files = environment.files else {
            diagnostics.add(place, "files can be named in seed files only; send the content itself")
            return nil
        }
        do { return try files.content(path, of: place) } catch {
            diagnostics.add(place, error.message)
            return nil
        }
    }
}
