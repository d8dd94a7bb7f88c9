#!/usr/bin/env python3
"""Measures what one parameter or header field of about a megabyte costs, wherever one can be sent without credentials.

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
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[1]
# Letters of two Unicode scalars each, which are composed before they are compared, unless bytes are compared.
ACCENTED = ("e\u0301" * 350_000).encode()
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
    yield "path", f"GET /{urllib.parse.quote('é') * 130_000} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
    yield "parameters of Content-Type", post("/oauth/v2/token", [("a", "b")], media_type=b"application/x-www-form-urlencoded" + b";a=b" * 200_000)


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
        for name, request in requests():
            if wanted not in name:
                continue
            start = processor(process)
            status = send(port, request)
            cost = (processor(process) - start) / (len(request) / 1e6)
            worst = max(worst, cost)
            print(f"{cost:6.0f} ms for 1 MB, {status}, {name}", flush=True)
    finally:
        process.kill()
    print(f"1 MB cost {worst:.0f} ms at most (goal: 50)")
    sys.exit(0 if worst <= 200 else 1)


if __name__ == "__main__":
    main()
