/// The paths of the pages that browsers are sent to, by the login that shows them: version 2, or the older one.
public enum PagePath {
    public static let signIn = "/ui/v2/login/login"
    public static let signInV1 = "/ui/login/login"
    public static let signOut = "/ui/v2/login/logout"
    public static let signedOut = "/logout/done"
    public static let signedOutV1 = "/ui/login/logout/done"
    public static let signedOutV2 = "/ui/v2/login/logout/done"
    /// What users of devices read: short, and redirected to the page of a login.
    public static let device = "/device"
    public static let deviceV1 = "/ui/login/device"
    public static let deviceV2 = "/ui/v2/login/device"
}
