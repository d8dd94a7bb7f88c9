"""Tests of the API: they get tokens from mock-zitadel as an app or a service user does, and call the API with them.

API_URL names a running API; without it, one is started here.
"""
import base64
import hashlib
import json
import os
import pathlib
import sys
import threading
import unittest
import urllib.error
import urllib.parse
import urllib.request

ISSUER = os.environ.get("ZITADEL_ISSUER", "http://localhost:8080")
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        return None


def send(url, form=None, headers=None):
    """Status, headers and body, without following redirects."""
    body = urllib.parse.urlencode(form).encode() if form else None
    request = urllib.request.Request(url, body, headers or {})
    try:
        with urllib.request.build_opener(NoRedirect).open(request, timeout=5) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, answer.read()


def service_token(scope):
    status, headers, body = send(f"{ISSUER}/oauth/v2/token", {
        "grant_type": "client_credentials", "client_id": "worker@example.localhost", "client_secret": "worker-secret", "scope": scope})
    assert status == 200, (headers.get("Mock-Reason"), body)
    return json.loads(body)["access_token"]


def user_token(user):
    """Code and PKCE, without the sign-in page."""
    verifier = "a-verifier-of-at-least-forty-three-characters-0123"
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    callback = "http://localhost:3000/callback"
    query = {"client_id": "shop", "redirect_uri": callback, "response_type": "code", "scope": "openid urn:zitadel:iam:org:projects:roles",
             "code_challenge": challenge, "code_challenge_method": "S256"}
    _, headers, _ = send(f"{ISSUER}/oauth/v2/authorize?{urllib.parse.urlencode(query)}", headers={"Mock-Login-As": user})
    code = urllib.parse.parse_qs(urllib.parse.urlsplit(headers["Location"]).query)["code"][0]
    status, headers, body = send(f"{ISSUER}/oauth/v2/token", {
        "grant_type": "authorization_code", "client_id": "shop", "code": code, "redirect_uri": callback, "code_verifier": verifier})
    assert status == 200, (headers.get("Mock-Reason"), body)
    return json.loads(body)["access_token"]


class OrdersTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.url, cls.server = os.environ.get("API_URL"), None
        if not cls.url:
            import api
            cls.server = api.make_server(("127.0.0.1", 0))
            threading.Thread(target=cls.server.serve_forever, daemon=True).start()
            cls.url = f"http://127.0.0.1:{cls.server.server_address[1]}"

    @classmethod
    def tearDownClass(cls):
        if cls.server:
            cls.server.shutdown()
            cls.server.server_close()

    def orders(self, token=None):
        status, _, body = send(f"{self.url}/orders", headers={"Authorization": f"Bearer {token}"} if token else {})
        return status, json.loads(body)

    def test_a_user_with_a_role_reads_orders(self):
        status, body = self.orders(user_token("ann"))
        self.assertEqual(status, 200)
        self.assertEqual(body["orders"], [1, 2, 3])

    def test_no_token(self):
        self.assertEqual(self.orders()[0], 401)

    def test_a_token_that_is_not_valid(self):
        self.assertEqual(self.orders(user_token("ann") + "x")[0], 401)

    def test_a_token_for_another_audience(self):
        self.assertEqual(self.orders(service_token("openid"))[0], 401)

    def test_a_service_user_asks_for_the_audience_of_the_project(self):
        # The only project of the seed; real code has its id in its configuration.
        scope = "openid urn:zitadel:iam:org:projects:roles urn:zitadel:iam:org:project:id:PROJECT:aud"
        self.assertEqual(self.orders(service_token(scope.replace("PROJECT", project_id())))[0], 200)


def project_id():
    """The id of the project "Orders", from the audience of a token of its app."""
    form = {"token": user_token("ann"), "client_id": "orders-api", "client_secret": "api-secret"}
    _, _, body = send(f"{ISSUER}/oauth/v2/introspect", form)
    return next(audience for audience in json.loads(body)["aud"] if audience.isdigit())


if __name__ == "__main__":
    unittest.main()
