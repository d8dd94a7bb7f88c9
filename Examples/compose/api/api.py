"""An API that introspects the bearer token of each request (RFC 7662), and needs the role "reader".

    ZITADEL_ISSUER=http://localhost:8080 API_CLIENT_ID=orders-api API_CLIENT_SECRET=api-secret python3 api.py
"""
import base64
import http.server
import json
import os
import urllib.parse
import urllib.request

ROLES = "urn:zitadel:iam:org:project:roles"


def introspect(token):
    """What ZITADEL says about the token; {"active": False} for one that is not valid here."""
    issuer, client = os.environ["ZITADEL_ISSUER"], os.environ.get("API_CLIENT_ID", "orders-api")
    credentials = f"{urllib.parse.quote_plus(client)}:{urllib.parse.quote_plus(os.environ.get('API_CLIENT_SECRET', 'api-secret'))}"
    request = urllib.request.Request(f"{issuer}/oauth/v2/introspect", urllib.parse.urlencode({"token": token}).encode())
    request.add_header("Authorization", "Basic " + base64.b64encode(credentials.encode()).decode())
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.load(answer)


class Handler(http.server.BaseHTTPRequestHandler):
    """GET /orders"""

    def do_GET(self):
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        claims = introspect(token) if scheme.lower() == "bearer" and token else {"active": False}
        if not claims["active"]:
            return self.reply(401, {"error": "invalid_token"})
        if "reader" not in claims.get(ROLES, {}) and "admin" not in claims.get(ROLES, {}):
            return self.reply(403, {"error": "insufficient_scope"})
        return self.reply(200, {"orders": [1, 2, 3], "for": claims["sub"]})

    def reply(self, status, body):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments):
        pass


def make_server(address):
    return http.server.ThreadingHTTPServer(address, Handler)


if __name__ == "__main__":
    make_server(("", 8000)).serve_forever()
