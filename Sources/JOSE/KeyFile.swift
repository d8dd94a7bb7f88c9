public import Crypto
public import Encodings

/// A key file as ZITADEL's console offers it for download, once, when a key is created.
public struct KeyFile: Sendable {
    /// Whose key it is.
    public enum Owner: Sendable, Equatable {
        /// `type` "application": a client of the introspection or token endpoint.
        case application(appID: String, clientID: String)
        /// `type` "serviceaccount": a machine user of the JWT profile.
        case serviceAccount(userID: String)
    }

    public let keyID: String
    public let privateKey: PrivateKey
    public let owner: Owner
    /// RFC 3339; application files have none.
    public let expirationDate: String?

    public init(keyID: String, privateKey: PrivateKey, owner: Owner, expirationDate: String? = nil) {
        self.keyID = keyID
        self.privateKey = privateKey
        self.owner = owner
        self.expirationDate = expirationDate
    }

    /// What is wrong with a key file.
    public struct Invalid: Error {
        public let message: String
    }

    /// Reads a file's content. Members that ZITADEL may add are ignored.
    public init(_ content: [UInt8]) throws(Invalid) {
        let value: JSON
        do { value = try JSONDocument.parse(content) } catch {
            guard let line = error.line, let column = error.column else { throw Invalid(message: error.message) }
            throw Invalid(message: "is not JSON (line \(line), column \(column): \(error.message))")
        }
        guard let object = value.object else { throw Invalid(message: "holds \(value.kind); expected an object") }
        func text(_ name: String) throws(Invalid) -> String {
            guard let value = object[name], value != .null else {
                throw Invalid(message: "has no member \"\(name)\"")
            }
            guard let text = value.string else {
                throw Invalid(message: "has a \"\(name)\" that is \(value.kind); expected a string")
            }
            guard !text.isEmpty else { throw Invalid(message: "has a \"\(name)\" that is empty") }
            return text
        }
        let type = try text("type")
        keyID = try text("keyId")
        let pem = try text("key")
        guard let key = PrivateKey(pem: pem) else {
            throw Invalid(
                message: PrivateKey.isEncrypted(pem: pem)
                    ? "has a \"key\" that is encrypted; remove its passphrase (openssl pkey -in KEY -out NEW)"
                    : "has a \"key\" that is not a private key in PEM")
        }
        privateKey = key
        switch object["expirationDate"] {
        case .string(let date): expirationDate = date
        case nil, .null: expirationDate = nil
        case let other?:
            throw Invalid(message: "has an \"expirationDate\" that is \(other.kind); expected a string or null")
        }
        switch type {
        case "application": owner = .application(appID: try text("appId"), clientID: try text("clientId"))
        case "serviceaccount": owner = .serviceAccount(userID: try text("userId"))
        default: throw Invalid(message: "is of type \"\(type)\"; expected \"application\" or \"serviceaccount\"")
        }
    }

    /// The members in ZITADEL's order.
    public var json: JSON {
        var object = JSONObject()
        switch owner {
        case .application(let appID, let clientID):
            object.append("type", .string("application"))
            appendKey(to: &object)
            object.append("appId", .string(appID))
            object.append("clientId", .string(clientID))
        case .serviceAccount(let userID):
            object.append("type", .string("serviceaccount"))
            appendKey(to: &object)
            object.append("expirationDate", .string(expirationDate ?? "9999-12-31T23:59:59Z"))
            object.append("userId", .string(userID))
        }
        return .object(object)
    }

    private func appendKey(to object: inout JSONObject) {
        object.append("keyId", .string(keyID))
        object.append("key", .string(privateKey.pem))
    }
}
