#!/usr/bin/env python3
"""Apache with mod_auth_openidc, as Debian has them: a web app that people sign in to, and a resource server that introspects.

    Tests/Clients/apache.py PROGRAM

PROGRAM is a built mock-zitadel. The last line is "N passed, N failed, N skipped"; exit status 1 when something failed.
"""
import contextlib
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse

from support import Forms, check, finish, free_port, server, sign_in, skip

MODULES = "/usr/lib/apache2/modules"
CONFIGURATION = """
ServerRoot "{folder}"
ServerName localhost
Listen 127.0.0.1:{port}
PidFile "{folder}/pid"
ErrorLog "{folder}/error.log"
DocumentRoot "{folder}/pages"
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authn_core_module {modules}/mod_authn_core.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule authz_user_module {modules}/mod_authz_user.so
LoadModule headers_module {modules}/mod_headers.so
LoadModule dir_module {modules}/mod_dir.so
LoadModule auth_openidc_module {modules}/mod_auth_openidc.so
OIDCProviderMetadataURL {issuer}/.well-known/openid-configuration
OIDCClientID 270000000000000303
OIDCClientSecret web-secret
OIDCRedirectURI http://localhost:{port}/callback
OIDCScope "openid profile email offline_access"
OIDCPKCEMethod S256
OIDCResponseMode {mode}
OIDCCryptoPassphrase for-tests-only
OIDCSessionType server-cache
OIDCOAuthIntrospectionEndpoint {issuer}/oauth/v2/introspect
OIDCOAuthClientID 270000000000000302
OIDCOAuthClientSecret api-secret
OIDCOAuthIntrospectionEndpointAuth client_secret_basic
Header always set X-Sub "expr=%{{reqenv:OIDC_CLAIM_sub}}"
Header always set X-Email "expr=%{{reqenv:OIDC_CLAIM_email}}"
<Directory "{folder}/pages">
    Require all granted
</Directory>
<Location /callback>
    AuthType openid-connect
    Require valid-user
</Location>
<Location /private>
    AuthType openid-connect
    Require valid-user
</Location>
<Location /api>
    AuthType oauth20
    Require claim "iss:{issuer}"
</Location>
"""


class NeedsHTTPS(Exception):
    """This version of the module introspects over https only."""


def without_introspection(configuration):
    """The configuration without the part that is a resource server."""
    rest = re.sub(r"<Location /api>.*?</Location>\n", "", configuration, flags=re.S)
    return "".join(line for line in rest.splitlines(True) if not line.startswith("OIDCOAuth"))


@contextlib.contextmanager
def apache(issuer, port, mode, introspects=True):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        for page in ("index.html", "private/index.html", "api/index.html", "bye/index.html"):
            (folder / "pages" / page).parent.mkdir(parents=True, exist_ok=True)
            (folder / "pages" / page).write_text(f"page {page}\n")
        configuration = CONFIGURATION.format(folder=folder, port=port, modules=MODULES, issuer=issuer, mode=mode)
        (folder / "apache.conf").write_text(configuration if introspects else without_introspection(configuration))
        process = subprocess.Popen(["apache2", "-f", str(folder / "apache.conf"), "-D", "FOREGROUND"], stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True)
        try:
            import requests
            for _ in range(100):
                with contextlib.suppress(requests.ConnectionError):
                    requests.get(f"http://localhost:{port}/")
                    break
                if process.poll() is not None:
                    output = process.stdout.read()
                    raise NeedsHTTPS if 'as a "https" URL' in output else AssertionError(output)
                time.sleep(0.05)
            yield f"http://localhost:{port}"
        except NeedsHTTPS:
            raise
        except Exception:
            if (folder / "error.log").exists():
                print((folder / "error.log").read_text()[-3000:], file=sys.stderr)
            raise
        finally:
            process.terminate()
            process.wait(10)
            process.stdout.close()


def web_app(requests, app):
    """Signs in, sees the claims, comes again without signing in."""
    browser = requests.Session()
    page = browser.get(f"{app}/private/", allow_redirects=False)
    callback = sign_in(browser, page.headers["Location"])
    assert callback.startswith(f"{app}/callback?"), callback
    done = browser.get(callback)
    assert done.status_code == 200 and "page private" in done.text, done.text
    assert done.headers["X-Sub"] == "270000000000000511" and done.headers["X-Email"] == "alice@acme.example", done.headers
    assert browser.get(f"{app}/private/", allow_redirects=False).status_code == 200
    return browser


def form_post(requests, app):
    browser = requests.Session()
    page = browser.get(f"{app}/private/", allow_redirects=False)
    answer = browser.get(page.headers["Location"], headers={"Mock-Login-As": "alice"})
    form = Forms(answer.text).forms["callback"]
    done = browser.post(form["action"], data=form["hidden"])
    assert done.status_code == 200 and done.headers["X-Sub"] == "270000000000000511", done.text


def refused(requests, app):
    """Who says no at the page comes back with an error, which Apache shows, and is not let in."""
    browser = requests.Session()
    page = browser.get(browser.get(f"{app}/private/", allow_redirects=False).headers["Location"])
    form = Forms(page.text).forms["deny"]
    done = browser.post(urllib.parse.urljoin(page.url, form["action"]), data={**form["hidden"], "deny": "1"})
    # Older versions of the module answer 200.
    assert done.status_code in (200, 400) and "page private" not in done.text, done.text
    assert "access_denied" in done.text or done.status_code == 400, done.text
    assert "error=access_denied" in done.url, done.url


def logout(requests, app):
    """The app ends its session, sends the browser to end_session, and gets it back."""
    browser = web_app(requests, app)
    done = browser.get(f"{app}/callback?logout=http%3A%2F%2F{app[7:]}%2Fbye", allow_redirects=False)
    location = done.headers["Location"]
    assert "/oidc/v1/end_session?" in location and "id_token_hint=" in location, location
    assert "page bye" in browser.get(location).text
    page = browser.get(f"{app}/private/")
    assert "page private" not in page.text and 'id="password"' in page.text, page.text


def back_channel(requests, app, issuer):
    """Signing out at the provider reaches the app, which forgets the browser."""
    browser = web_app(requests, app)
    page = browser.get(f"{issuer}/oidc/v1/end_session")
    form = Forms(page.text).forms["logout"]
    session = next(value for name, value in form["buttons"] if name == "session")
    browser.post(issuer + form["action"], data={**form["hidden"], "session": session})
    for _ in range(100):
        if browser.get(f"{app}/private/", allow_redirects=False).status_code == 302:
            return
        time.sleep(0.05)
    raise AssertionError("the app still lets the browser in")


def resource_server(requests, app, issuer):
    def api(token):
        return requests.get(f"{app}/api/", headers={"Authorization": f"Bearer {token}"})

    callback = requests.get(f"{issuer}/oauth/v2/authorize", allow_redirects=False, headers={"Mock-Login-As": "alice"}, params={
        "client_id": "270000000000000303", "redirect_uri": f"{app}/callback", "response_type": "code", "scope": "openid",
    }).headers["Location"]
    code = callback.split("code=")[1].split("&")[0]
    token = requests.post(f"{issuer}/oauth/v2/token", auth=("270000000000000303", "web-secret"), data={
        "grant_type": "authorization_code", "code": code, "redirect_uri": f"{app}/callback"}).json()["access_token"]
    answer = api(token)
    assert answer.status_code == 200 and answer.headers["X-Sub"] == "270000000000000511", (answer.status_code, answer.text)
    assert api("garbage").status_code == 401
    revoked = requests.post(f"{issuer}/oauth/v2/revoke", auth=("270000000000000303", "web-secret"), data={"token": token})
    assert revoked.status_code == 200


def main(program):
    try:
        import requests
    except ImportError as missing:
        return skip("Apache", f"{missing.name} is not installed")
    if not shutil.which("apache2") or not pathlib.Path(MODULES, "mod_auth_openidc.so").exists():
        return skip("Apache", "apache2 with mod_auth_openidc is not installed")
    introspects = True
    for mode in ("query", "form_post"):
        port = free_port()
        with server(program, "--seed", "Tests/Clients/seeds/apps.json", environment={"APACHE_PORT": str(port)}) as fixtures:
            try:
                run(requests, fixtures["baseUrl"], port, mode, introspects)
            except NeedsHTTPS:
                introspects = False
                run(requests, fixtures["baseUrl"], port, mode, introspects)


def run(requests, issuer, port, mode, introspects):
    with apache(issuer, port, mode, introspects) as app:
        if mode == "form_post":
            return check("mod_auth_openidc, form_post", form_post, requests, app)
        check("mod_auth_openidc, web app", web_app, requests, app)
        check("mod_auth_openidc, denied", refused, requests, app)
        check("mod_auth_openidc, logout", logout, requests, app)
        check("mod_auth_openidc, back-channel logout", back_channel, requests, app, issuer)
        if introspects:
            check("mod_auth_openidc, resource server", resource_server, requests, app, issuer)
        else:
            skip("mod_auth_openidc, resource server", "this version introspects over https only")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(str(pathlib.Path(sys.argv[1]).resolve()))
    finish()
