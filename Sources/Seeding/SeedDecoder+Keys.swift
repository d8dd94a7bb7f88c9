import Encodings
import JOSE
import Model

extension SeedDecoder {
    /// Reads the member `keys` of an app or a machine user.
    func decodeKeys(_ node: Node, owner: RegisteredKey.Owner, fileOwner: KeyFile.Owner, path: [String]) {
        for (index, key) in node.nodes("keys").enumerated() {
            let derived = DerivedID.make("key", path + [String(index)])
            guard let (id, publicKey) = read(key, fileOwner, derived) else { continue }
            ids.add(id, .key, key.has("id") ? key.member("id") : key.place, problems)
            if let reason = publicKey.rejectionReason { problems.add(key.place, "is \(reason)") }
            seed.resources.keys.append(
                RegisteredKey(
                    id: id, owner: owner, publicKey: publicKey.pem,
                    expiration: key.time("expirationDate") ?? neverExpires))
        }
    }

    private func read(_ key: Node, _ owner: KeyFile.Owner, _ derivedID: String) -> (id: String, key: PublicKey)? {
        let id = key.text("id") ?? derivedID
        if let pem = key.text("publicKey") { return parsed(pem, key.member("publicKey")).map { (id, $0) } }
        if let path = key.text("publicKeyFile") {
            return content(path, key.member("publicKeyFile")).flatMap {
                parsed(String(decoding: $0, as: UTF8.self), key.member("publicKeyFile"))
            }.map {
                (id, $0)
            }
        }
        if let jwk = key.node("jwk") {
            if let name = ["d", "p", "q", "dp", "dq", "qi", "k"].first(where: jwk.has) {
                problems.add(jwk.member(name), "is a private part; a seed needs the public members only")
                return nil
            }
            guard let publicKey = PublicKey(jwk: jwk.object) else {
                problems.add(
                    jwk.place, "is no public key; expected kty RSA with n and e, or kty EC with crv P-256, x and y")
                return nil
            }
            return (id, publicKey)
        }
        if let path = key.text("keyFile") { return keyFile(path, key, member: "keyFile", owner) }
        if let path = key.text("generate") { return generated(path, key, owner, id) }
        return nil
    }

    private func parsed(_ pem: String, _ place: Place) -> PublicKey? {
        if let key = PublicKey(pem: pem) { return key }
        let isPrivate = PrivateKey(pem: pem) != nil
        problems.add(
            place,
            PrivateKey.isEncrypted(pem: pem)
                ? "is encrypted; a seed needs the public key in clear (openssl pkey -in KEY -pubout)"
                : isPrivate
                    ? "is a private key; a seed needs the public one (openssl pkey -in KEY -pubout), or the key file under keyFile"
                    : "is no public key in PEM; expected a block PUBLIC KEY, RSA PUBLIC KEY or CERTIFICATE")
        return nil
    }

    /// A file beside the seed file.
    func content(_ path: String, _ place: Place) -> [UInt8]? {
        let full = Files.path(path, below: Files.resourceIndex(of: place.file))
        do { return try Files.read(full) } catch {
            problems.add(place, "\(full): \(error.message)")
            return nil
        }
    }

    private func keyFile(
        _ path: String, _ key: Node, member: String, _ owner: KeyFile.Owner
    ) -> (id: String, key: PublicKey)? {
        guard let content = content(path, key.member(member)) else { return nil }
        return read(content, key, member, owner)
    }

    private func read(
        _ content: [UInt8], _ key: Node, _ member: String, _ owner: KeyFile.Owner
    ) -> (id: String, key: PublicKey)? {
        let place = key.member(member)
        let file: KeyFile
        do { file = try KeyFile(content) } catch {
            problems.add(place, "the key file \(error.message)")
            return nil
        }
        if file.owner != owner {
            problems.add(
                place,
                "the key file is of \(describe(file.owner)), but this is \(describe(owner)); use the file that belongs here, or correct its ids"
            )
        }
        if let id = key.text("id"), id != file.keyID {
            problems.add(
                key.member("id"), "\"\(id)\" is not the keyId of the key file, \"\(file.keyID)\"; leave it out")
        }
        return (file.keyID, file.privateKey.publicKey)
    }

    private func describe(_ owner: KeyFile.Owner) -> String {
        switch owner {
        case .application(let appID, let clientID):
            "the application with appId \"\(appID)\" and clientId \"\(clientID)\""
        case .serviceAccount(let userID): "the service user with userId \"\(userID)\""
        }
    }

    /// A key file that exists is used; one that does not is made when the seed is loaded, if all of the seed is good.
    private func generated(
        _ path: String, _ key: Node, _ owner: KeyFile.Owner, _ id: String
    ) -> (id: String, key: PublicKey)? {
        let place = key.member("generate")
        guard !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else {
            problems.add(place, "\"\(path)\" leaves the key folder; expected a path below it")
            return nil
        }
        let full = Files.path(path, below: source.keysFolder ?? Files.resourceIndex(of: place.file))
        if let made = seed.keyFilesToMake.first(where: { $0.path == full }) {
            return read(made.content, key, "generate", owner)
        }
        guard !Files.exists(full) else {
            do { return read(try Files.read(full), key, "generate", owner) } catch {
                problems.add(place, "\(full): \(error.message)")
                return nil
            }
        }
        do {
            let expiration = key.text("expirationDate")
            let file = KeyFile(
                keyID: id, privateKey: try PrivateKey.generate(for: .rs256), owner: owner, expirationDate: expiration)
            seed.keyFilesToMake.append((full, file.json.bytes() + [10]))
            return (id, file.privateKey.publicKey)
        } catch {
            problems.add(place, "\(error)")
            return nil
        }
    }
}
