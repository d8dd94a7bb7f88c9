import Encodings
import HTTP

/// `/mock/v1/openapi.json` and `/mock/v1/docs`
enum OpenAPIRoutes {
    static let routes = [
        ControlRoute(
            "GET", "/openapi.json", "This API in OpenAPI 3.1", query: [], answer: .undescribed
        ) { _ in .response(document) },
        ControlRoute(
            "GET", "/docs", "This API as a page", query: [], answer: .text(mediaType: "text/html")
        ) { _ in .response(page) },
    ]

    // Made at the first call, and then kept.
    private static let page = ControlDocsView(routes: ControlAPI.routes).response
    private static let document = ControlReply.json(200, OpenAPIDocument(ControlAPI.routes).json)
}
