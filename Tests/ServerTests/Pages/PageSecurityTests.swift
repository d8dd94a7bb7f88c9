import Encodings
import HTTP
import TestSupport
import Testing

/// What pages hold against forged forms, other sites and markup in names; and the pages next to the sign-in.
@Suite struct PageSecurityTests {
    @Test("a form without the page's token, or a browser without its cookie, is refused") func forgery() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        let page = try browser.open(fixture.target())
        let id = page.html.firstMatch(of: /name="authRequest" value="([^"]*)"/).map { String($0.1) } ?? ""
        let fields = [("authRequest", id), ("person", SignInFixture.alice)]
        let path = "/ui/v2/login/login"
        let cookie = browser.cookies.map { (name: "cookie", value: "\($0.name)=\($0.value)") }
        let bare = fixture.server.post(path, fields, headers: cookie)
        #expect(bare.status == 403)
        #expect(bare.reason == "form_forged")
        #expect(bare.text.contains("the field csrf is not"))
        #expect(fixture.server.post(path, fields + [("csrf", "x")], headers: cookie).status == 403)
        let stranger = try fixture.browser().open(fixture.target())
        let token = stranger.html.firstMatch(of: /name="csrf" value="([^"]*)"/).map { String($0.1) } ?? ""
        #expect(fixture.server.post(path, fields + [("csrf", token)], headers: cookie).status == 403)
        let withoutCookie = fixture.server.post(path, fields + [("csrf", token)])
        #expect(withoutCookie.status == 403)
        #expect(withoutCookie.text.contains("did not send the cookie"))
        #expect(try browser.press(page, "people", "Continue as Alice").response.status == 302)
    }

    @Test(
        "a form that the browser says is sent by another page is refused, though it has the token",
        arguments: [
            ("sec-fetch-site", "same-site", 403), ("sec-fetch-site", "cross-site", 403),
            ("sec-fetch-site", "same-origin", 302), ("sec-fetch-site", "none", 302),
            ("origin", "http://evil.example", 403), ("origin", "null", 403), ("origin", "http://localhost:8080", 302),
        ])
    func foreignPage(name: String, value: String, status: Int) throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        let page = try browser.open(fixture.target())
        browser.headers = [(name, value)]
        let answer = try browser.press(page, "people", "Continue as Alice").response
        #expect(answer.status == status)
        #expect((answer.reason == "form_forged") == (status == 403))
    }

    @Test("pages have headers against scripts, frames, sniffing, caching and other origins") func headers() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        browser.headers = [("origin", "https://evil.example")]
        let page = try browser.open(fixture.target()).response
        #expect(
            page.header("Content-Security-Policy")
                == "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'")
        #expect(page.header("X-Frame-Options") == "DENY")
        #expect(page.header("X-Content-Type-Options") == "nosniff")
        #expect(page.header("Cache-Control") == "no-store")
        #expect(page.header("Access-Control-Allow-Origin") == nil)
        #expect(!page.text.contains("<script"))
        #expect(!page.text.contains("http://") && !page.text.contains("https://"), "no external resource")
    }

    @Test("the cookie is for one host and hidden from scripts, and has the __Host- prefix over https")
    func cookie() throws {
        let fixture = try SignInFixture()
        let plain = try fixture.browser().get(fixture.target()).response.header("Set-Cookie") ?? ""
        #expect(plain.hasPrefix("zitadel.useragent="))
        #expect(plain.hasSuffix("; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"))
        let browser = fixture.browser()
        browser.headers = [("x-forwarded-proto", "https")]
        let secure = try browser.get(fixture.target()).response.header("Set-Cookie") ?? ""
        #expect(secure.hasPrefix("__Host-zitadel.useragent="))
        #expect(secure.hasSuffix("; Secure"))
        #expect(try browser.get(fixture.target()).response.header("Set-Cookie") == nil, "once is enough")
    }

    @Test("names of apps and people are escaped in HTML") func escaping() throws {
        let fixture = try SignInFixture()
        let page = try fixture.browser().open(fixture.target(SignInFixture.spa, ["login_hint": "\"><script>x"]))
        #expect(page.html.contains("<h1>Sign in to Single &lt;page&gt; &amp; co</h1>"))
        #expect(page.html.contains("Continue as Bob &lt;b&gt;Brown&lt;/b&gt;"))
        #expect(page.html.contains("value=\"&#34;&gt;&lt;script&gt;x\""))
    }

    @Test("the page of the older servers answers at its own path, and at the newer one") func olderPath() throws {
        let fixture = try SignInFixture(instance: "\"serverVersion\": \"v3.4\"")
        let browser = fixture.browser()
        let page = try browser.open(fixture.target())
        #expect(page.form("people")?.contains("action=\"/ui/login/login\"") == true)
        #expect(try browser.press(page, "people", "Continue as Alice").response.locationParameters["code"] != nil)
    }

    @Test("the start page shows the issuer and a sign-in link for each app") func start() throws {
        let fixture = try SignInFixture()
        let browser = fixture.browser()
        let page = try browser.get("/")
        #expect(page.html.contains("<strong>http://localhost:8080</strong>"))
        let links = page.html.matches(of: /<a href="([^"]*)">Sign in to ([^<]*)</).map { (String($0.1), String($0.2)) }
        // Not the app whose addresses are all patterns, which no browser can be sent to.
        #expect(links.count == 7)
        let web = links.first { $0.1 == "Web" }?.0.replacing("&amp;", with: "&") ?? ""
        let signIn = try browser.open(web)
        #expect(try browser.press(signIn, "people", "Continue as Alice").response.locationParameters["code"] != nil)
    }

    @Test("a client id with reserved characters is encoded in the link of the start page") func startEncodes() throws {
        let fixture = try SignInFixture { $0.replacing("270000000000000303", with: "web+app&1") }
        let link = try fixture.browser().get("/").html.firstMatch(of: /<a href="([^"]*)">Sign in to Web</)
        #expect(link.map { String($0.1) }?.contains("client_id=web%2Bapp%261&amp;") == true)
    }

    @Test("an icon is served, so that browsers cause no log line about a missing page") func icon() throws {
        let fixture = try SignInFixture()
        let icon = fixture.server.get("/favicon.ico")
        #expect(icon.status == 200)
        #expect(icon.header("Content-Type") == "image/svg+xml")
    }

    @Test("the stylesheet is served with its type") func stylesheet() throws {
        let fixture = try SignInFixture()
        let page = try fixture.browser().open(fixture.target())
        let path = page.html.firstMatch(of: /<link rel="stylesheet" href="([^"]*)">/).map { String($0.1) } ?? ""
        let sheet = fixture.server.get(path)
        #expect(sheet.status == 200)
        #expect(sheet.header("Content-Type") == "text/css; charset=utf-8")
        #expect(sheet.text.contains("prefers-color-scheme: dark"))
    }
}
