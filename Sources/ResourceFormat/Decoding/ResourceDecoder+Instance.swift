import Crypto
import Encodings
public import Model

extension ResourceDecoder {
    /// Reads settings, without signing keys. `autoLogin` may name any user that was decoded so far, or is one of these.
    public func decodeSettings(_ node: Node, into settings: inout InstanceSettings, users: [User] = []) {
        Formats.instance.decode(node, into: &settings, self)
        if let lifetimes = node.node("lifetimes") {
            Formats.lifetimes.decode(lifetimes, into: &settings.lifetimes, self)
        }
        if node.has("autoLogin") {
            checkAutoLogin(&settings, node.member("autoLogin"), users: decoded.resources.users + users)
        }
    }

    private func checkAutoLogin(_ settings: inout InstanceSettings, _ location: SourceLocation, users: [User]) {
        guard let name = settings.autoLogin else { return }
        let wanted = name.lowercased()
        func names(_ user: User) -> [String] {
            references.organization(id: user.organizationID)?.loginNames(of: user.userName) ?? []
        }
        let user = users.first { user in
            user.id.hasSameBytes(as: name) || names(user).contains { $0.lowercased().hasSameBytes(as: wanted) }
        }
        guard let user else {
            let near =
                users.first { $0.machine == nil && $0.userName.lowercased() == wanted }.flatMap { names($0).first }
                ?? Similarity.nearest(to: name, in: users.lazy.filter { $0.machine == nil }.flatMap(names))
                ?? Similarity.nearest(to: name, in: users.lazy.filter { $0.machine == nil }.map(\.userName)).flatMap {
                    near in users.first { $0.machine == nil && $0.userName == near }.flatMap { names($0).first }
                }
            if near == nil, users.contains(where: { $0.machine != nil && $0.userName.lowercased() == wanted }) {
                diagnostics.add(location, "\(TextRules.quoted(name)) is a service user; only humans sign in")
                settings.autoLogin = nil
                return
            }
            let hint = near.map { "did you mean \"\($0)\"?" } ?? "expected a login name or user id"
            diagnostics.add(location, "there is no user \(TextRules.quoted(name)); \(hint)")
            settings.autoLogin = nil
            return
        }
        if user.machine != nil {
            diagnostics.add(location, "\(TextRules.quoted(name)) is a service user; only humans sign in")
        }
    }

    /// Reads `signingKeys`. Only the first active one stays active.
    public func decodeSigningKeys(_ nodes: [Node]) {
        for (index, node) in readable(nodes).enumerated() {
            decodeSigningKey(node, path: [String(index)])
        }
    }

    /// Reads a signing key.
    public func decodeSigningKey(_ node: Node, path: [String]) {
        var key = SigningKey(
            id: node.text("id") ?? environment.newID("signing key", path), algorithm: .rs256, privateKey: "",
            state: .active)
        Formats.signingKey.decode(node, into: &key, self)
        let isNew = names.signingKeyIDs.add(key.id, node.idLocation, diagnostics)
        guard !key.privateKey.isEmpty else { return }
        let location = node.member(node.has("privateKey") ? "privateKey" : "privateKeyFile")
        guard let privateKey = PrivateKey(pem: key.privateKey) else {
            return diagnostics.add(
                location,
                PrivateKey.isEncrypted(pem: key.privateKey)
                    ? "is encrypted; remove its passphrase (openssl pkey -in KEY -out NEW)"
                    : "is not a private key in PEM; expected PKCS#8 or PKCS#1")
        }
        guard privateKey.supports(key.algorithm) else {
            return diagnostics.add(
                location, "does not suit \(key.algorithm.rawValue); name the algorithm of the key, or use another key")
        }
        if let reason = privateKey.publicKey.rsaProblem {
            diagnostics.add(location, "is \(reason)")
        }
        key.privateKey = privateKey.pem
        if key.state == .active, decoded.resources.signingKeys.contains(where: { $0.state == .active }) {
            key.state = .inactive
        }
        if isNew { decoded.resources.signingKeys.append(key) }
    }
}
