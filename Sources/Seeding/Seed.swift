import Encodings
import Model
public import ResourceFormat

/// A seed, read and found valid.
@dynamicMemberLookup
public struct Seed: Sendable {
    /// The resources, with their secrets and what else the seed gives.
    public var decoded: DecodedResources
    /// The seed files, in the order they were read.
    public var files: [String]
    /// Files that the seed names: keys, secrets.
    public var namedFiles: [String] = []
    /// What is accepted, but probably not meant.
    public var warnings: [Diagnostic]

    public subscript<Value>(dynamicMember member: WritableKeyPath<DecodedResources, Value>) -> Value {
        get { decoded[keyPath: member] }
        set { decoded[keyPath: member] = newValue }
    }

    /// Key files that the seed asks for and that cannot be written, as far as that can be known before.
    public var keyFileProblems: [Diagnostic] {
        decoded.keyFilesToCreate.compactMap { file in
            Files.problem(creating: file.path).map { Self.unwritable(file.path, $0) }
        }
    }

    private static func unwritable(_ path: String, _ failure: Files.Failure) -> Diagnostic {
        Diagnostic(
            file: path, pointer: nil,
            message:
                "the key file cannot be written: \(failure.message); name a folder that can be written with --keys-dir")
    }

    /// Writes the key files that the seed asks for.
    /// - Parameter mode: permissions of the files.
    /// - Throws: `InvalidSeed` when one cannot be written.
    public func makeKeyFiles(mode: UInt32 = 0o600) throws(InvalidSeed) {
        for file in decoded.keyFilesToCreate {
            do { try Files.create(file.path, file.content, mode: mode) } catch {
                throw InvalidSeed(problems: [Self.unwritable(file.path, error)])
            }
        }
    }
}

extension Seed {
    /// Reads and checks a seed. Nothing is written.
    /// - Throws: `InvalidSeed` with all problems.
    public static func load(_ source: SeedSource) throws(InvalidSeed) -> Seed {
        let diagnostics = Diagnostics()
        let reader = SeedFiles(environment: source.environment, diagnostics: diagnostics)
        let files = reader.read(source.inputs)
        let checker = ShapeChecker(diagnostics)
        for file in files { checker.check(file.value, .object(Formats.seed), SourceLocation(file: file.path)) }
        let access = SeedFileAccess(
            keysFolder: source.keysFolder, texts: Set(source.inputs.filter { $0.path == nil }.map(\.name)),
            interpolatedLocations: Set(reader.interpolatedLocations.keys))
        let decoder = ResourceDecoder(
            DecodingEnvironment(
                now: source.now, randomBytes: source.randomBytes, newID: DerivedID.make,
                opaqueTokenFormat: source.serverVersion.map { OpaqueTokenFormat(of: $0) },
                files: source.allowsFiles ? access : nil),
            diagnostics: diagnostics)
        let documents = files.compactMap { file in
            file.value.object.map { Node(object: $0, location: SourceLocation(file: file.path)) }
        }
        // Of a document with so many problems, what follows from the values is not looked for.
        if diagnostics.allowsExpensiveCheck() { decoder.decodeSeed(documents) }
        reader.nameVariables()
        if source.locatesProblems { reader.locateDiagnostics() }
        guard diagnostics.problems.isEmpty else {
            throw InvalidSeed(problems: diagnostics.problems, warnings: diagnostics.warnings)
        }
        return Seed(
            decoded: decoder.decoded, files: files.map(\.path), namedFiles: access.paths.sorted(),
            warnings: diagnostics.warnings)
    }
}
