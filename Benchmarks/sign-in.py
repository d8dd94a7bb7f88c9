#!/usr/bin/env python3
"""Measures how long the server works on a whole sign-in: authorize, the page, one click, the token, userinfo.

    Benchmarks/sign-in.py [PROGRAM]

PROGRAM defaults to .build-release/release/mock-zitadel. The server's own log says how long each answer took; the sum of a sign-in is what is printed, for an
app with opaque tokens and one with JWTs, as the median and the 95th percentile of COUNT (default 200) sign-ins with a database on disk.
"""
import http.client
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[1]
COUNT = int(os.environ.get("COUNT", "200"))
APPS = {"opaque token": ("270000000000000303", "http://localhost:3000/callback", "web-secret"),
        "JWT": ("270000000000000304", "http://localhost:49152/callback", None)}


class Browser:
    """One connection that is kept, and cookies."""

    def __init__(self, port):
        self.connection, self.cookie = http.client.HTTPConnection("127.0.0.1", port), None

    def send(self, method, target, form=None, **headers):
        if self.cookie:
            headers["Cookie"] = self.cookie
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            form = urllib.parse.urlencode(form)
        self.connection.request(method, target, form, headers)
        answer = self.connection.getresponse()
        if answer.getheader("Set-Cookie"):
            self.cookie = answer.getheader("Set-Cookie").split(";")[0]
        return answer, answer.read().decode()


def sign_in(port, client, callback, secret):
    browser = Browser(port)
    query = urllib.parse.urlencode({"client_id": client, "redirect_uri": callback, "response_type": "code", "scope": "openid profile", "state": "s"})
    answer, _ = browser.send("GET", f"/oauth/v2/authorize?{query}")
    _, page = browser.send("GET", answer.getheader("Location"))
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page.split('<form id="people"')[1].split("</form>")[0]))
    answer, _ = browser.send("POST", "/ui/v2/login/login", {**hidden, "person": "270000000000000511"})
    code = urllib.parse.parse_qs(urllib.parse.urlsplit(answer.getheader("Location")).query)["code"][0]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": callback, "client_id": client, **({"client_secret": secret} if secret else {})}
    _, body = browser.send("POST", "/oauth/v2/token", form)
    answer, _ = browser.send("GET", "/oidc/v1/userinfo", Authorization="Bearer " + json.loads(body)["access_token"])
    assert answer.status == 200


def main(program):
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen([program, "serve", "--port", "0", "--json", "--log-format", "json", "--database", f"{folder}/db.sqlite"],
                                   cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        lines = []
        reader = threading.Thread(target=lambda: lines.extend(process.stderr))
        reader.start()
        port = json.loads(process.stdout.readline())["port"]
        for client in APPS.values():  # the first requests find the caches empty
            sign_in(port, *client)
        for client in APPS.values():
            for _ in range(COUNT):
                sign_in(port, *client)
        process.terminate()
        process.wait()
        reader.join()
        process.stdout.close()
        process.stderr.close()
    times = [json.loads(line)["microseconds"] for line in lines][5 * len(APPS):]
    for index, name in enumerate(APPS):
        part = times[index * 5 * COUNT:(index + 1) * 5 * COUNT]
        sums = sorted(sum(part[start:start + 5]) for start in range(0, len(part), 5))
        print(f"sign-in, {name + ':':14} {sums[COUNT // 2] / 1000:.1f} ms of server time (median), {sums[COUNT * 95 // 100] / 1000:.1f} ms (95 %)")


if __name__ == "__main__":
    main(str(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".build-release/release/mock-zitadel").resolve()))
