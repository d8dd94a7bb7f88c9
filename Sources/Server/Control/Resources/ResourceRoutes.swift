/// All routes of resources.
enum ResourceRoutes {
    static let routes =
        OrganizationRoutes.routes + ProjectRoutes.routes + RoleRoutes.routes + ProjectGrantRoutes.routes
        + AppRoutes.routes + UserRoutes.routes + MetadataRoutes.routes + UserGrantRoutes.routes
        + ClientSecretRoutes.routes + KeyRoutes.routes + PersonalAccessTokenRoutes.routes
}
