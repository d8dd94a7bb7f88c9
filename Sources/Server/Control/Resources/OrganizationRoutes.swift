import Provider
import Encodings
import Model
import ResourceFormat

/// `/mock/v1/organizations`
enum OrganizationRoutes {
    static let routes =
        [
            collection.listRoute("/organizations", "All organizations") { request in
                try collection.list(request.resources.resources.organizations, request)
            },
            collection.createRoute("/organizations", "Create an organization with all that it contains", create),
        ] + collection.routes

    static let collection = ResourceCollection<Organization>(
        kind: .organization, segment: "organizations", shape: .object(Formats.organization.shape), id: { $0.id },
        wrap: Resource.organization,
        format: { _ in Formats.organization }, encode: { _, value in Formats.organization.encode(value) },
        encodeWhole: { $0.organization($1) },
        readOnly: { _, _ in [:] }, find: { lookup, reference throws(Problem) in try lookup.organization(reference) },
        decode: { decoder, node, _, _ in _ = decoder.declareOrganization(node) },
        decoded: { $0.organizations.first },
        prepare: { organization, patch in
            // As the real server does: a generated domain follows the name.
            let isGenerated = organization.primaryDomain == Organization.generatedDomain(of: organization.name)
            return (organization, without: isGenerated && patch["name"] != nil ? ["primaryDomain"] : [])
        })

    private static func create(_ request: ControlRequest) throws -> ControlReply {
        try collection.create(request) { decoder, node, _ in decoder.decodeOrganizations([node]) }
    }
}
