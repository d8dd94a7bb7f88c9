#!/usr/bin/env python3
"""Measures what one parameter, header field, path or body of about a megabyte costs, wherever one can be sent without credentials.

    Benchmarks/large-values.py [PROGRAM] [FILTER]

PROGRAM defaults to .build-release/release/mock-zitadel; FILTER is part of the names to measure. Exit status 1 when a megabyte costs more than 200 ms of
processor time: four times the goal, because one request is measured by a clock of 10 ms.
"""
import base64
import json
import os
import pathlib
import socket
import subprocess
import sys
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[1]
# Letters of two Unicode scalars each, which are composed before they are compared, unless bytes are compared.
ACCENTED = ("e\u0301" * 350_000).encode()
# Bytes that are not UTF-8, alone and as ISO 8859-1 has them among letters.
MALFORMED = {"bytes FF": b"\xff" * 900_000, "ISO 8859-1": b"M\xfcller/" * 130_000}
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
GRANT = "urn:ietf:params:oauth:grant-type:"
APP = [("client_id", "270000000000000303"), ("response_type", "code"), ("redirect_uri", "http://localhost:3000/callback"), ("scope", "openid")]
SERVICE_USER = [("client_id", "svc@acme.localhost"), ("client_secret", "svc-secret"), ("grant_type", "client_credentials")]
BASIC = "Authorization: Basic " + base64.b64encode(b"270000000000000302:test-api-2-secret").decode() + "\r\n"


def encoded(value):
    return base64.urlsafe_b64encode(value).rstrip(b"=")


MANY_NUMBERS = encoded(b'{"alg":"RS256","kid":"1"}') + b"." + encoded(b'{"x":[' + b",".join([b"0"] * 350_000) + b"]}") + b".eA"


def post(path, fields, header="", media_type=b"application/x-www-form-urlencoded"):
    pairs = [name.encode() + b"=" + (value if isinstance(value, bytes) else urllib.parse.quote(value).encode()) for name, value in fields]
    body = b"&".join(pairs)
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{header}Content-Type: "
    return head.encode() + media_type + b"\r\n\r\n" + body


def call(method, path, body):
    head = f"{method} /mock/v1{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def get(path, name, value):
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{name}: ".encode() + value + b"\r\n\r\n"


def replacing(fields, name, value):
    return [field for field in fields if field[0] != name] + [(name, value)]


def requests():
    """Name and bytes of each request."""
    for name in ["redirect_uri", "scope", "client_id", "state", "nonce", "login_hint", "prompt", "response_type", "max_age", "code_challenge", "id_token_hint", "request"]:
        yield f"authorize {name}", post("/oauth/v2/authorize", replacing(APP, name, ACCENTED))
    for name, byte in [("plus signs", b"+"), ("at signs", b"@"), ("escapes", b"%2525")]:
        yield f"authorize redirect_uri of {name}", post("/oauth/v2/authorize", replacing(APP, "redirect_uri", b"http://" + byte * (900_000 // len(byte))))
    for name in ["scope", "client_id", "client_secret", "grant_type"]:
        yield f"token {name}", post("/oauth/v2/token", replacing(SERVICE_USER, name, ACCENTED))
    for grant, name in [("authorization_code", "code"), ("refresh_token", "refresh_token"), (GRANT + "jwt-bearer", "assertion"), (GRANT + "device_code", "device_code")]:
        yield f"token {name}", post("/oauth/v2/token", [("grant_type", grant), ("client_id", APP[0][1]), (name, ACCENTED)])
    projects = b"+".join(b"urn:zitadel:iam:org:project:id:%d:aud" % number for number in range(20_000))
    yield "token scope of projects", post("/oauth/v2/token", replacing(SERVICE_USER, "scope", projects))
    yield "introspect token", post("/oauth/v2/introspect", [("token", ACCENTED)], BASIC)
    yield "introspect client_assertion", post("/oauth/v2/introspect", [("token", "x"), ("client_assertion_type", ASSERTION), ("client_assertion", ACCENTED)])
    yield "userinfo access_token", post("/oidc/v1/userinfo", [("access_token", ACCENTED)])
    yield "end_session post_logout_redirect_uri", post("/oidc/v1/end_session", [("post_logout_redirect_uri", ACCENTED), APP[0]])
    yield "JWT of numbers, assertion", post("/oauth/v2/token", [("grant_type", GRANT + "jwt-bearer"), ("assertion", MANY_NUMBERS)])
    yield "JWT of numbers, token", post("/oauth/v2/introspect", [("token", MANY_NUMBERS)], BASIC)
    yield "JWT of numbers, request", post("/oauth/v2/authorize", replacing(APP, "request", MANY_NUMBERS))
    authorize = "/oauth/v2/authorize?" + urllib.parse.urlencode(APP)
    for name in ["Mock-Login-As", "Cookie", "Origin", "User-Agent", "X-Forwarded-Host", "Forwarded", "Authorization", "Accept-Language"]:
        yield f"header {name}", get(authorize, name, ACCENTED[:900_000])
    for name in ["Cookie", "Origin", "Forwarded", "Authorization"]:
        yield f"header {name} of ASCII", get(authorize, name, (b"host=" if name == "Forwarded" else b"") + b"x" * 900_000)
    yield "access token of ASCII", get("/oidc/v1/userinfo", "Authorization", b"Bearer " + b"x" * 900_000)
    for kind, value in MALFORMED.items():
        for name in ["redirect_uri", "state"]:
            yield f"authorize {name} of {kind}", post("/oauth/v2/authorize", replacing(APP, name, value))
        for name in ["Cookie", "Origin", "Forwarded"]:
            yield f"header {name} of {kind}", get(authorize, name, value)
        for start in ["/", "/oauth/v2/", "/mock/v1/users/", "//"]:
            yield f"path {start} of {kind}", b"GET " + start.encode() + value + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    paths = {"escapes": "/" + urllib.parse.quote("é") * 130_000, "segments": "/a" * 450_000, "slashes": "//" * 450_000, "equals signs": "/" + "=" * 900_000, "short names": "/" + "abc=" * 225_000, "dots": "/.." * 300_000}
    for name, value in paths.items():
        yield f"path of {name}", f"GET {value} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
    yield from calls()
    yield from shapes()
    yield "parameters of Content-Type", post("/oauth/v2/token", [("a", "b")], media_type=b"application/x-www-form-urlencoded" + b";a=b" * 200_000)


def many(value):
    """A megabyte of one element of a list."""
    return (value + ",").encode() * (1_000_000 // (len(value) + 1)) + value.encode()


def calls():
    """Bodies of the control API that are wrong, again and again."""
    unknown = json.dumps({f"m{number}": 1 for number in range(80_000)}).encode()
    for method, path in [("POST", "/tokens"), ("PATCH", "/seed"), ("PUT", "/seed"), ("PATCH", "/users/svc"), ("PATCH", "/instance"), ("POST", "/assertions")]:
        yield f"unknown members, {method} {path}", call(method, path, unknown)
    for name, value in [("{}", "{}"), ("1", "1")]:
        yield f"organizations that are {name}", call("PUT", "/seed", b'{"organizations":[' + b",".join([value.encode()] * 300_000) + b"]}")
        users = b'{"organizations":[{"name":"A","users":[' + b",".join([value.encode()] * 300_000) + b"]}]}"
        yield f"users that are {name}", call("PUT", "/seed", users)
    for name, value in [("{}", "{}"), ("0", "0"), ("one again and again", '{"name":"a"}')]:
        yield f"PATCH /seed, organizations that are {name}", call("PATCH", "/seed", b'{"organizations":[' + many(value) + b"]}")
    yield "PUT /seed, an organization again and again", call("PUT", "/seed", b'{"organizations":[' + many('{"name":"a"}') + b"]}")
    for path, start, value in [
        ("/organizations", b'{"name":"q","projects":[', "{}"), ("/organizations/ACME/projects", b'{"name":"q","grants":[', "{}"),
        ("/organizations/ACME/users", b'{"type":"machine","userName":"q","grants":[', "{}"),
        ("/organizations/ACME/users", b'{"type":"machine","userName":"q","personalAccessTokens":[', "{}"),
        ("/organizations/ACME/users", b'{"type":"machine","userName":"q","instanceRoles":[', '"a"'),
    ]:
        member = start.decode().split('"')[-2]
        yield f"POST {path}, {member} that are {value}", call("POST", path, start + many(value) + b"]}")
    domains = json.dumps({"domains": [f"a{number}.b" for number in range(80_000)]}).encode()
    yield "PATCH /organizations/ACME, domains", call("PATCH", "/organizations/ACME", domains)
    yield "POST /reset, only", call("POST", "/reset", b'{"only":[' + many('"a"') + b"]}")
    metadata = json.dumps({"metadata": {f"k{number}": "v" for number in range(60_000)}}).encode()
    yield "PATCH /users/svc, metadata", call("PATCH", "/users/svc", metadata)
    yield "escapes in JSON", call("POST", "/tokens", b'{"user":"' + b"\\u00e9\\n" * 110_000 + b'"}')
    yield "bytes in JSON that are not UTF-8", call("POST", "/tokens", b'{"user":"' + b"\xff" * 900_000 + b'"}')


def shapes():
    """A megabyte in many small pieces, and in places that are rarely looked at."""
    start = "Host: localhost\r\nConnection: close\r\n"
    fields = "".join(f"X-Field-{number}: {'v' * 1800}\r\n" for number in range(490))
    yield "490 header fields", f"GET /oauth/v2/keys HTTP/1.1\r\n{start}{fields}\r\n".encode()
    folded = "X-Field: v\r\n" + " v\r\n" * 200_000
    yield "a folded header field", f"GET /oauth/v2/keys HTTP/1.1\r\n{start}{folded}\r\n".encode()
    for name, pair in [("unknown", "p{}=" + "v" * 80), ("empty", "p{}"), ("repeated", "scope=" + "v" * 80)]:
        body = "&".join(pair.format(number) for number in range(9_900))
        yield f"9,900 {name} parameters", form("/oauth/v2/token", body)
    chunked = f"POST /oauth/v2/token HTTP/1.1\r\n{start}Transfer-Encoding: chunked\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n"
    yield "chunks of 1 byte", chunked.encode() + b"1\r\nx\r\n" * 160_000 + b"0\r\n\r\n"
    yield "chunks of 1000 bytes", chunked.encode() + (b"3e8\r\n" + b"x" * 1000 + b"\r\n") * 990 + b"0\r\n\r\n"
    yield "an extension of a chunk", chunked.encode() + b"1;" + b"e" * 4000 + b"\r\nx\r\n0\r\n\r\n"
    for name, value in [("scopes of one letter", b"openid" + b"+x" * 32_000), ("scopes", b"openid+" + b"+".join(b"s%d" % number for number in range(9_000)))]:
        yield f"authorize {name} (64 KB)", post("/oauth/v2/authorize", replacing(APP, "scope", value))
        yield f"token {name} (64 KB)", post("/oauth/v2/token", replacing(SERVICE_USER, "scope", value))
    yield "authorize redirect_uri of jamo", post("/oauth/v2/authorize", replacing(APP, "redirect_uri", "\u1100\u1161".encode() * 150_000))
    yield "revoke token of bytes FF", post("/oauth/v2/revoke", [("client_id", "270000000000000304"), ("token", b"\xff" * 900_000)])
    trailers = b"".join(b"X-Trailer-%d: " % number + b"t" * 80 + b"\r\n" for number in range(10_000))
    yield "trailers", chunked.encode() + b"0\r\n" + trailers + b"\r\n"
    for path, name in [("/ui/v2/login/login", "authRequest"), ("/ui/v2/login/login", "filter"), ("/device", "user_code"), ("/ui/v2/login/logout", "logout_token")]:
        for kind, value in [("accents", urllib.parse.quote(ACCENTED[:150_000])), ("letters", "x" * 900_000)]:
            yield f"query {name} of {path}, {kind}", f"GET {path}?{name}={value} HTTP/1.1\r\n{start}\r\n".encode()
            yield f"form {name} of {path}, {kind}", form(path, f"{name}={value}")
    for name, sign in [("equals signs", "="), ("JSON", '":'), ("addresses", "a://b:c@")]:
        yield f"client_id of {name}", post("/oauth/v2/token", replacing(SERVICE_USER, "client_id", sign * (900_000 // len(sign))))
    for path in ["/debug/validate", "/mock/v1/requests", "/.well-known/openid-configuration", "/oauth/v2/keys"]:
        yield f"query of {path}", f"GET {path}?q={'x' * 900_000} HTTP/1.1\r\n{start}\r\n".encode()
    yield "roles of a minted token", call("POST", "/tokens", json.dumps({"user": "svc", "project": "Shop", "roles": [f"role{number}" for number in range(80_000)]}).encode())
    yield "metadata of a user", call("PUT", "/users/svc/metadata/key", json.dumps({"value": "x" * 1_000_000}).encode())


def form(path, body):
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n"
    return (head + body).encode()


def processor(process):
    """Milliseconds of processor time so far."""
    fields = open(f"/proc/{process.pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def send(port, request):
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        try:
            client.sendall(request)
            status = client.recv(100)[9:12].decode()
            while client.recv(1 << 20):
                pass
            return status
        except OSError as error:
            return str(error)


def main():
    arguments = sys.argv[1:]
    program = arguments[0] if arguments else str(ROOT / ".build-release/release/mock-zitadel")
    wanted = arguments[1] if len(arguments) > 1 else ""
    process = subprocess.Popen(
        [program, "serve", "--port", "0", "--json", "--database", ":memory:", "--log-format", "off", "--seed", str(ROOT / "seed/demo.json")],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    worst = 0
    try:
        port = int(json.loads(process.stdout.readline())["baseUrl"].rsplit(":", 1)[1])
        # Keys are generated in the background.
        before = None
        while before != processor(process):
            before = processor(process)
            time.sleep(0.5)
        for name, request in requests():
            if wanted not in name:
                continue
            # A megabyte of each, so that the clock shows it.
            times = max(1, 1_000_000 // len(request))
            start = processor(process)
            for _ in range(times):
                status = send(port, request)
            cost = (processor(process) - start) / (times * len(request) / 1e6)
            worst = max(worst, cost)
            print(f"{cost:6.0f} ms for 1 MB, {status}, {name}", flush=True)
    finally:
        process.kill()
    print(f"1 MB cost {worst:.0f} ms at most (goal: 50)")
    sys.exit(0 if worst <= 200 else 1)


if __name__ == "__main__":
    main()
