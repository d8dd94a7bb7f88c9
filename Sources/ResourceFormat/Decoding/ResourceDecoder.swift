import Encodings
public import Model

/// Reads resources from documents, with other resources that they may refer to.
///
/// A seed declares all organizations and projects first, so that references to them may be anywhere, and then decodes what they contain. A request
/// to the control API starts with the present resources as references, and decodes one resource. Documents have been checked by `ShapeChecker`; what
/// does not fit its shape is ignored here, since it was reported.
public final class ResourceDecoder {
    public let diagnostics: Diagnostics
    let environment: DecodingEnvironment
    /// The id of the existing resource that is decoded again.
    let replaced: String?
    /// What was decoded so far, without the existing resources.
    public internal(set) var decoded = DecodedResources()
    /// The resources that exist already.
    let existing: any ExistingResources
    /// The form of personal access tokens without a value.
    var opaqueTokenFormat: OpaqueTokenFormat
    /// Whether a whole seed is read, whose files may extend what earlier ones have.
    var isOfSeed = false
    var names: ResourceNames
    var references: ReferenceIndex
    /// The content of key files that are to be created, by path.
    var pendingKeyFiles: [String: [UInt8]] = [:]
    /// Projects some of whose roles could not be read, so that missing ones are only a consequence.
    var projectsWithUnreadableRoles: Set<String> = []

    /// - Parameters:
    ///   - existing: the resources that exist already, and are not decoded again.
    ///   - replacing: the id of an existing resource that is decoded again, and may keep its names.
    public init(
        _ environment: DecodingEnvironment, existing: any ExistingResources = Resources(), replacing: String? = nil,
        diagnostics: Diagnostics
    ) {
        self.environment = environment
        opaqueTokenFormat = environment.opaqueTokenFormat ?? OpaqueTokenFormat(of: .of2026July)
        self.diagnostics = diagnostics
        replaced = replacing
        self.existing = existing
        names = ResourceNames(existing, replacing: replacing)
        references = ReferenceIndex(existing)
    }

    /// The id that a node has, or a new one.
    func id(_ node: Node, _ kind: Resource.Kind, _ path: [String]) -> String {
        node.text("id") ?? environment.newID(kind.noun, path)
    }

    /// - Returns: false when the id is taken, which was reported.
    func register(_ id: String, _ kind: Resource.Kind, _ node: Node, _ path: [String]) -> Bool {
        // Ids that follow from a missing name are alike; what is wrong is the name, and that was reported.
        guard node.has("id") || !path.contains("") else { return true }
        return names.add(id, kind, node.idLocation, diagnostics)
    }

    /// Records a secret or fixed token of the document.
    func note(secret: String, of id: String, at location: SourceLocation) {
        warnOfOddity(secret, location)
        decoded.secrets[id] = secret
        let isFromFile = location.pointer.hasSuffix("File")
        if isFromFile || environment.files?.isFromEnvironment(location) == true {
            decoded.secretsFromEnvironment.insert(id)
        }
    }
}
