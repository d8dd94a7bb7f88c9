#!/usr/bin/env python3
"""Chromium, driven by Selenium: a single-page app on another origin, the pages by mouse, by keyboard and without JavaScript, and axe-core's opinion of them.

    Tests/Clients/browser.py PROGRAM

PROGRAM is a built mock-zitadel. The last line is "N passed, N failed, N skipped"; exit status 1 when something failed. With SCREENSHOTS=FOLDER each
page is also put there as a picture.
"""
import contextlib
import http.server
import json
import os
import pathlib
import shutil
import sys
import threading
import urllib.parse
import urllib.request

import npm
from support import ROOT, check, finish, free_port, server, skip

FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]
DEVICE_APP, PAGE_APP = "270000000000000305", "270000000000000304"


# ---------------------------------------------------------------- the world

@contextlib.contextmanager
def page_server(port, issuer):
    """Serves the single-page app: an origin of its own."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            is_issuer = self.path == "/issuer"
            body = issuer.encode() if is_issuer else (ROOT / "Tests/Clients/spa/index.html").read_bytes()
            self.send_response(200 if is_issuer or self.path.split("?")[0] == "/" else 404)
            self.send_header("Content-Type", "text/plain" if is_issuer else "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    listener = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=listener.serve_forever)
    thread.start()
    try:
        yield f"http://localhost:{port}/"
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()


class Chromium:
    """A browser with a profile of its own."""

    def __init__(self, *flags, javascript=True):
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service
        options = webdriver.ChromeOptions()
        for flag in [*FLAGS, *flags]:
            options.add_argument(flag)
        if not javascript:
            options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
        self.driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
        self.driver.set_page_load_timeout(30)
        self.driver.implicitly_wait(10)  # a click returns before the next page is there

    def __enter__(self):
        return self

    def __exit__(self, *arguments):
        self.driver.quit()

    def wait(self, condition):
        from selenium.webdriver.support.ui import WebDriverWait
        return WebDriverWait(self.driver, 10).until(condition)

    def find(self, selector):
        return self.driver.find_element("css selector", selector)

    def press(self, label):
        """Presses the button whose text begins with the label, as soon as it is there."""
        from selenium.common.exceptions import StaleElementReferenceException

        def button(driver):
            try:
                return next((found for found in driver.find_elements("css selector", "button") if found.text.startswith(label)), None)
            except StaleElementReferenceException:  # the page is just going
                return None
        self.wait(button).click()

    def state(self, text):
        """Waits until the single-page app says so."""
        def told(driver):
            found = driver.find_elements("css selector", "#state")
            return found and found[0].text == text
        try:
            self.wait(told)
        except Exception:
            raise AssertionError(f"expected state {text}: {self.driver.current_url} {self.driver.page_source[-1500:]}") from None

    def picture(self, name):
        if folder := os.environ.get("SCREENSHOTS"):
            self.driver.save_screenshot(str(pathlib.Path(folder, f"{name}.png")))


# ---------------------------------------------------------------- checks

def single_page(app, issuer):
    with Chromium() as browser:
        browser.driver.get(app)
        browser.state("signed out")
        browser.press("Sign in silently")
        browser.state("error login_required")
        browser.press("Sign in")
        browser.wait(lambda driver: driver.title == "Sign in to Single page")
        browser.press("Continue as Alice Adams")
        browser.state("signed in")
        assert browser.find("#name").text == "Alice Adams"
        browser.press("Refresh")
        browser.state("refreshed")
        browser.driver.get(app)
        browser.state("signed out")
        browser.press("Sign in")  # the second time nobody is asked
        browser.state("signed in")
        browser.press("Sign out")
        browser.state("signed out")
        browser.press("Sign in silently")
        browser.state("error login_required")


def authorization(issuer, app, **more):
    query = {"client_id": PAGE_APP, "redirect_uri": app, "response_type": "code", "scope": "openid profile", "state": "s",
             "code_challenge": "x" * 43, "code_challenge_method": "S256", **more}
    return f"{issuer}/oauth/v2/authorize?{urllib.parse.urlencode(query)}"


def password(app, issuer):
    """The form is unfolded, a wrong password is reported, what was typed stays, the right one leads to the app."""
    with Chromium() as browser:
        browser.driver.get(authorization(issuer, app))
        browser.find("summary").click()
        for secret in ("wrong", "Password1!"):
            browser.find("#loginName").clear()
            browser.find("#loginName").send_keys("alice@acme.localhost")
            browser.find("#passwordField").send_keys(secret)
            browser.find("button[name=signIn]").click()
            if secret == "wrong":
                assert browser.find("#problem[role=alert]").text == "Password is invalid"
                assert browser.find("#loginName").get_attribute("value") == "alice@acme.localhost"
        browser.wait(lambda driver: driver.current_url.startswith(app))


def keyboard(app, issuer):
    """Tab to the first person, Enter; focus can be seen."""
    from selenium.webdriver.common.keys import Keys
    with Chromium() as browser:
        browser.driver.get(authorization(issuer, app))
        body = browser.find("body")
        body.send_keys(Keys.TAB)
        focused = browser.driver.switch_to.active_element
        assert focused.text.startswith("Continue as Alice Adams"), focused.text
        outline = browser.driver.execute_script("return getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", outline
        focused.send_keys(Keys.ENTER)
        browser.wait(lambda driver: driver.current_url.startswith(app))


def without_javascript(app, issuer):
    """The pages need none; the form_post answer waits for a button."""
    with Chromium(javascript=False) as browser:
        browser.driver.get(authorization(issuer, app, response_mode="form_post"))
        browser.press("Continue as Alice Adams")
        browser.wait(lambda driver: driver.title == "Back to the app")
        browser.press("Continue")
        browser.wait(lambda driver: driver.current_url == app)


def form_post(app, issuer):
    """With JavaScript the form posts itself, under the page's own content security policy."""
    with Chromium() as browser:
        browser.driver.get(authorization(issuer, app, response_mode="form_post"))
        browser.press("Continue as Alice Adams")
        browser.wait(lambda driver: driver.current_url == app)


def device(issuer):
    form = urllib.parse.urlencode({"client_id": DEVICE_APP, "scope": "openid"}).encode()
    begun = json.load(urllib.request.urlopen(f"{issuer}/oauth/v2/device_authorization", form))
    with Chromium() as browser:
        browser.driver.get(begun["verification_uri"])
        browser.find("#userCode").send_keys(begun["user_code"].lower())
        browser.press("Next")
        browser.press("Allow as Bob Brown")
        browser.wait(lambda driver: driver.find_elements("css selector", "#approved"))
    poll = urllib.parse.urlencode({"client_id": DEVICE_APP, "device_code": begun["device_code"],
                                   "grant_type": "urn:ietf:params:oauth:grant-type:device_code"}).encode()
    assert "id_token" in json.load(urllib.request.urlopen(f"{issuer}/oauth/v2/token", poll))


# ---------------------------------------------------------------- accessibility

def pages(browser, app, issuer):
    """Leads through every page and every state of it; yields the name of each."""
    driver = browser.driver
    driver.get(issuer)
    yield "start"
    driver.get(f"{issuer}/mock/v1/docs")
    yield "control-api"
    driver.get(authorization(issuer, app, prompt="create", scope="openid urn:zitadel:iam:org:idp:id:77"))
    yield "sign-in"
    browser.find("summary").click()
    yield "sign-in-password"
    browser.find("#loginName").send_keys("alice@acme.localhost")
    browser.find("#passwordField").send_keys("wrong")
    browser.find("button[name=signIn]").click()
    browser.find("#problem")
    yield "sign-in-problem"
    browser.press("Continue as Alice Adams")
    browser.state("error state")  # the app did not ask, so it is right to mind
    driver.get(authorization(issuer, app, prompt="select_account"))
    yield "accounts"
    driver.get(f"{issuer}/ui/v2/login/login?authRequest=V2_1")
    yield "sign-in-over"
    driver.get(f"{issuer}/device?user_code=WRNG-CODE")
    yield "device-code"
    form = urllib.parse.urlencode({"client_id": DEVICE_APP, "scope": "openid"}).encode()
    code = json.load(urllib.request.urlopen(f"{issuer}/oauth/v2/device_authorization", form))["user_code"]
    driver.get(f"{issuer}/device?user_code={code}")
    yield "device"
    browser.press("Deny")
    browser.find("#denied")
    yield "device-refused"
    driver.get(f"{issuer}/oidc/v1/end_session")
    yield "sign-out"
    driver.get(f"{issuer}/logout/done")
    yield "signed-out"


def accessibility(app, issuer, axe, scheme):
    """No finding of axe-core at all, nothing that scrolls sideways on a small screen, in light and dark."""
    problems = []
    with Chromium("--window-size=500,900") as browser:
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
        browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": 320, "height": 800, "deviceScaleFactor": 1, "mobile": False})
        for name in pages(browser, app, issuer):
            browser.picture(f"{name}-{scheme}")
            wide = browser.driver.execute_script("return document.scrollingElement.scrollWidth - innerWidth")
            if wide > 0:
                problems.append(f"{name}: {wide} px too wide")
            if axe:
                browser.driver.execute_script(axe)
                found = browser.driver.execute_async_script("axe.run().then(r => arguments[0]([r.violations, r.passes.length]))")
                assert found[1] > 10, f"{name}: axe-core checked nothing"
                problems += [f"{name}: {f['id']} ({f['impact']}): {f['help']}: {f['nodes'][0]['html']}" for f in found[0]]
    assert not problems, "\n".join(problems)


def main(program):
    try:
        import selenium  # noqa: F401
    except ImportError as missing:
        return skip("Chromium", f"{missing.name} is not installed")
    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        return skip("Chromium", "chromium with chromedriver is not installed")
    port = free_port()
    with server(program, "--seed", "Tests/Clients/seeds/apps.json", environment={"PAGE_PORT": str(port)}) as fixtures:
        issuer = fixtures["baseUrl"]
        with page_server(port, issuer) as app:
            check("single-page app with fetch alone", single_page, app, issuer)
            check("password", password, app, issuer)
            check("keyboard", keyboard, app, issuer)
            check("without JavaScript", without_javascript, app, issuer)
            check("form_post", form_post, app, issuer)
            check("device", device, issuer)
            folder = npm.package("axe-core")
            if not folder:
                skip("axe-core", "npm is not installed, or cannot get packages here")
            axe = (folder / "axe.min.js").read_text() if folder else None
            for scheme in ("light", "dark"):
                check(f"accessibility, {scheme}", accessibility, app, issuer, axe, scheme)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(str(pathlib.Path(sys.argv[1]).resolve()))
    finish()
