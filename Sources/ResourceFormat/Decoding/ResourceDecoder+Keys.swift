import Crypto
import Encodings
public import JOSE
public import Model

extension ResourceDecoder {
    /// Reads the member `keys` of an app or a machine user.
    func decodeKeys(_ node: Node, owner: RegisteredKey.Owner, fileOwner: KeyFile.Owner, path: [String]) {
        for (index, key) in readable(node.nodes("keys")).enumerated() {
            decodeKey(key, owner: owner, fileOwner: fileOwner, path: path + [String(index)])
        }
    }

    /// Reads a key.
    /// - Parameters:
    ///   - fileOwner: the owner as key files name it.
    ///   - path: the names that a derived id follows from.
    public func decodeKey(_ node: Node, owner: RegisteredKey.Owner, fileOwner: KeyFile.Owner, path: [String]) {
        var key = RegisteredKey(id: id(node, .key, path), owner: owner, publicKey: "", expiration: neverExpires)
        guard let source = source(of: key.id, node, fileOwner) else { return }
        key.id = source.id
        key.publicKey = source.key.pem
        if let expiration = source.expiration { key.expiration = expiration }
        // `publicKey` has no reader in the table, and the id of a key file is the file's.
        let id = key.id
        Formats.key.decode(node, into: &key, self)
        key.id = id
        guard names.add(id, .key, node.idLocation, diagnostics) else { return }
        if let reason = source.key.rejectionReason { diagnostics.add(node.location, "is \(reason)") }
        decoded.resources.keys.append(key)
    }

    private typealias Source = (id: String, key: PublicKey, expiration: Int64?)

    /// The public key that one of the members gives.
    private func source(of id: String, _ node: Node, _ owner: KeyFile.Owner) -> Source? {
        if let pem = node.text("publicKey") { return publicKey(pem, node.member("publicKey")).map { (id, $0, nil) } }
        if let path = node.text("publicKeyFile") {
            let location = node.member("publicKeyFile")
            return text(ofFile: path, location).flatMap { publicKey($0, location) }.map { (id, $0, nil) }
        }
        if let jwk = node.node("jwk") { return publicKey(jwk, id: id).map { (id, $0, nil) } }
        if let path = node.text("keyFile") {
            return content(path, node.member("keyFile")).flatMap { keyFile($0, node, member: "keyFile", owner: owner) }
        }
        return node.text("generate").flatMap { generated($0, node, owner: owner, id: id) }
    }

    private func publicKey(_ pem: String, _ location: SourceLocation) -> PublicKey? {
        if let key = PublicKey(pem: pem) {
            if pem.split(separator: "PUBLIC KEY-----", omittingEmptySubsequences: false).count > 3 {
                diagnostics.warn(location, "holds several public keys in PEM, of which the first one is used")
            }
            return key
        }
        let isPrivate = PrivateKey(pem: pem) != nil
        diagnostics.add(
            location,
            PrivateKey.isEncrypted(pem: pem)
                ? "is encrypted; a seed needs the public key in clear (openssl pkey -in KEY -pubout)"
                : isPrivate
                    ? "is a private key; a seed needs the public one (openssl pkey -in KEY -pubout), or the key file under keyFile"
                    : Self.mistake(inPEM: pem)
                        ?? "is not a public key in PEM; expected a block PUBLIC KEY, RSA PUBLIC KEY or CERTIFICATE")
        return nil
    }

    /// What a shell or an editor made of a key in PEM; nil for a text that is none.
    private static func mistake(inPEM text: String) -> String? {
        let begin = "-----BEGIN"
        if let decoded = Base64.decoded(Array(text.utf8.filter { $0 > 0x20 })), decoded.starts(with: begin.utf8) {
            return "is PEM in base64; decode it once"
        }
        guard text.contains(begin) else { return nil }
        if text.contains("\\n") {
            return "has its line ends written as \\n; write them as line ends (in JSON: a single \\n)"
        }
        if !text.utf8.contains(0x0A) { return "is PEM in one line; keep its line ends (in JSON: \\n)" }
        let first = text.unicodeScalars.first
        return first == "\"" || first == "'" ? "is PEM in quotation marks; leave them out" : nil
    }

    private func keyFile(_ content: [UInt8], _ node: Node, member: String, owner: KeyFile.Owner) -> Source? {
        let location = node.member(member)
        guard !TextFile.withoutByteOrderMark(content).starts(with: "-----BEGIN".utf8) else {
            diagnostics.add(
                location,
                "names a key in PEM; expected a key file of ZITADEL, which is JSON; name a public key with publicKeyFile"
            )
            return nil
        }
        let file: KeyFile
        do { file = try KeyFile(content) } catch {
            diagnostics.add(location, "the key file \(error.message)")
            return nil
        }
        if file.owner != owner {
            diagnostics.add(
                location,
                "the key file is of \(describe(file.owner)), but this is \(describe(owner)); use the file that belongs here, or correct its ids"
            )
        }
        if let id = node.text("id"), id != file.keyID {
            diagnostics.add(
                node.member("id"),
                "\(TextRules.quoted(id)) is not the keyId of the key file, \"\(file.keyID)\"; leave it out")
        }
        var expiration: Int64?
        if let date = file.expirationDate {
            expiration = UTCDateTime.unix(rfc3339: date)
            if expiration == nil {
                diagnostics.add(
                    location,
                    "the key file has the expirationDate \(TextRules.quoted(date)); expected RFC 3339, such as \"2026-11-21T10:00:00Z\""
                )
            }
        }
        decoded.privateKeys[file.keyID] = file.privateKey
        return (file.keyID, file.privateKey.publicKey, expiration)
    }

    private func describe(_ owner: KeyFile.Owner) -> String {
        switch owner {
        case .application(let appID, let clientID):
            "the application with appId \"\(appID)\" and clientId \"\(clientID)\""
        case .serviceAccount(let userID): "the service user with userId \"\(userID)\""
        }
    }

    /// A key file that exists is used; one that does not is created when the seed is loaded, if all of the seed is valid.
    private func generated(_ path: String, _ node: Node, owner: KeyFile.Owner, id: String) -> Source? {
        let location = node.member("generate")
        guard TextRules.problem(path, .path) == nil else { return nil }
        guard !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else {
            diagnostics.add(location, "\(TextRules.quoted(path)) leaves the key folder; expected a path below it")
            return nil
        }
        guard let files = environment.files else {
            diagnostics.add(location, "files can be named in seed files only; leave it out, and a key is generated")
            return nil
        }
        do {
            let found = try files.keyFile(path, of: location)
            guard pendingKeyFiles[found.path] == nil else {
                diagnostics.add(
                    location, "\(TextRules.quoted(path)) is generated for another key already; name a file of its own")
                return nil
            }
            if let content = found.content { return keyFile(content, node, member: "generate", owner: owner) }
            let expiration = node.text("expirationDate")
            let file = KeyFile(
                keyID: id, privateKey: try PrivateKey.generate(for: .rs256), owner: owner, expirationDate: expiration)
            let content = file.json.bytes() + [10]
            pendingKeyFiles[found.path] = content
            decoded.keyFilesToCreate.append((found.path, content))
            decoded.privateKeys[id] = file.privateKey
            return (id, file.privateKey.publicKey, nil)
        } catch let error as DocumentFileError {
            diagnostics.add(location, error.message)
        } catch {
            diagnostics.add(location, "no key could be generated")
        }
        return nil
    }
}
