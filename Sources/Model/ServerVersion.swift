/// The server whose answers are followed where they differ.
public enum ServerVersion: String, Sendable, CaseIterable {
    case v2_71 = "v2.71"
    case v3_4 = "v3.4"
    case v4_13 = "v4.13"
    /// The main branch of July 2026.
    case of2026July = "2026-07"
}
