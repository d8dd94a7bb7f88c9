import Encodings

/// One member of a resource, in both directions: how it is read from JSON and how it is written.
public struct Field<Root>: Sendable {
    public let name: String
    public let shape: Shape
    public let isRequired: Bool
    public let documentation: String
    /// Reads a value that has the shape. nil for members that are read by `ResourceDecoder` itself, such as lists of other resources.
    let decode: (@Sendable (JSON, inout Root, FieldContext) -> Void)?
    /// Writes the member; nil to leave it out. A member without it is never written: secrets in clear, files.
    let encode: (@Sendable (Root) -> JSON?)?
    /// The default as documented, read from a resource that has all defaults; nil for none.
    let describeDefault: @Sendable (Root) -> String?

    init(
        _ name: String, _ shape: Shape, isRequired: Bool = false, _ documentation: String,
        describeDefault: @escaping @Sendable (Root) -> String? = { _ in nil },
        decode: (@Sendable (JSON, inout Root, FieldContext) -> Void)? = nil,
        encode: (@Sendable (Root) -> JSON?)? = nil
    ) {
        self.name = name
        self.shape = shape
        self.isRequired = isRequired
        self.documentation = documentation
        self.describeDefault = describeDefault
        self.decode = decode
        self.encode = encode
    }

    /// The same member of a resource that contains this one, such as the OpenID Connect settings of an app.
    func lifted<Outer>(
        get: @escaping @Sendable (Outer) -> Root?, set: @escaping @Sendable (inout Outer, Root) -> Void
    ) -> Field<Outer> {
        let (decode, encode, describeDefault) = (decode, encode, describeDefault)
        return Field<Outer>(
            name, shape, isRequired: isRequired, documentation,
            describeDefault: { get($0).flatMap(describeDefault) },
            decode: decode.map { decode in
                { @Sendable json, outer, context in
                    guard var inner = get(outer) else { return }
                    decode(json, &inner, context)
                    set(&outer, inner)
                }
            },
            encode: encode.map { encode in { @Sendable outer in get(outer).flatMap(encode) } })
    }
}
