import HTTP

/// A file that pages load from this server; they load nothing from elsewhere.
struct PageAsset {
    let path: String
    let contentType: String
    let text: String

    static let all = [stylesheet, icon]

    static let stylesheet = PageAsset(
        path: "/ui/style.css", contentType: "text/css; charset=utf-8", text: stylesheetText)

    /// Browsers ask for this path by themselves, also next to a JSON response.
    static let icon = PageAsset(
        path: "/favicon.ico", contentType: "image/svg+xml",
        text: """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#4f46b8"/>\
            <path d="M10 10h12L10 22h12" fill="none" stroke="#fff" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round"/></svg>
            """)

    var response: HTTPResponse {
        HTTPResponse(
            status: 200,
            headers: [
                ("Content-Type", contentType), ("Cache-Control", "max-age=3600"),
                ("X-Content-Type-Options", "nosniff"),
            ], body: Array(text.utf8))
    }
}
