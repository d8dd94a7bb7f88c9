import Encodings
import JOSE
import Model

extension SeedDecoder {
    func decodeInstance(_ tops: [Node]) {
        let nodes = tops.compactMap { $0.node("instance") }
        for extra in nodes.dropFirst() {
            problems.add(extra.place, "stands in \(nodes[0].place.file) already; expected in one file only")
        }
        var settings = InstanceSettings()
        settings.projectID = DerivedID.make("project", ["ZITADEL"])
        if let node = nodes.first {
            settings.domains = node.strings("domains") ?? []
            settings.issuer = node.text("issuer")
            settings.projectID = node.text("projectId") ?? settings.projectID
            settings.dialect = node.choice("dialect", settings.dialect)
            settings.serverVersion = node.choice("serverVersion", settings.serverVersion)
            settings.opaqueTokenFormat = node.text("opaqueTokenFormat").flatMap(OpaqueTokenFormat.init)
            settings.unknownScopes = node.choice("unknownScopes", settings.unknownScopes)
            settings.impersonation = node.flag("impersonation")
            settings.backChannelLogout = node.flag("backChannelLogout")
            settings.debugOidcParentError = node.flag("debugOidcParentError")
            settings.autoLogin = autoLogin(node)
            if let lifetimes = node.node("lifetimes") { decode(lifetimes, into: &settings.lifetimes) }
            for (index, key) in node.nodes("signingKeys").enumerated() { decodeSigningKey(key, index) }
        }
        seed.resources.settings = settings
    }

    private func autoLogin(_ node: Node) -> String? {
        guard let name = node.text("autoLogin") else { return nil }
        let user = seed.resources.users.first { user in
            let organization = seed.resources.organizations.first { $0.id == user.organizationID }
            return user.id == name
                || organization?.loginNames(of: user.userName).contains { $0.lowercased() == name.lowercased() } == true
        }
        guard let user else {
            problems.add(node.member("autoLogin"), "there is no user \"\(name)\"; expected a login name or user id")
            return nil
        }
        if user.machine != nil {
            problems.add(node.member("autoLogin"), "\"\(name)\" is a service user; only humans sign in")
        }
        return name
    }

    private func decode(_ node: Node, into lifetimes: inout Lifetimes) {
        func set(_ name: String, _ path: WritableKeyPath<Lifetimes, Seconds>) {
            guard let duration = node.duration(name) else { return }
            if duration.count == 0 { problems.add(node.member(name), "is no time at all; expected at least \"1s\"") }
            lifetimes[keyPath: path] = duration
        }
        set("accessToken", \.accessToken)
        set("idToken", \.idToken)
        set("refreshTokenIdle", \.refreshTokenIdle)
        set("refreshToken", \.refreshToken)
        set("deviceCode", \.deviceCode)
        set("authorizationCode", \.authorizationCode)
    }

    private func decodeSigningKey(_ node: Node, _ index: Int) {
        let id = self.id(node, .signingKey, [String(index)])
        let member = node.has("privateKey") ? "privateKey" : "privateKeyFile"
        let pem =
            node.text("privateKey")
            ?? node.text("privateKeyFile").flatMap { content($0, node.member("privateKeyFile")) }.map {
                String(decoding: $0, as: UTF8.self)
            }
        guard let pem else { return }
        guard let key = PrivateKey(pem: pem) else {
            return problems.add(
                node.member(member),
                PrivateKey.isEncrypted(pem: pem)
                    ? "is encrypted; remove its passphrase (openssl pkey -in KEY -out NEW)"
                    : "is not a private key in PEM; expected PKCS#8 or PKCS#1")
        }
        let algorithm = node.choice("algorithm", SignatureAlgorithm.rs256)
        guard key.supports(algorithm) else {
            return problems.add(
                node.member(member),
                "does not suit \(algorithm.rawValue); name the algorithm of the key, or use another key")
        }
        if algorithm == .rs256, let reason = key.publicKey.rejectionReason {
            problems.add(node.member(member), "is \(reason)")
        }
        let isFirstActive =
            node.choice("state", SigningKey.State.active) == .active
            && !seed.resources.signingKeys.contains { $0.state == .active }
        seed.resources.signingKeys.append(
            SigningKey(
                id: id, algorithm: algorithm.rawValue, privateKey: key.pem, state: isFirstActive ? .active : .inactive))
    }
}
