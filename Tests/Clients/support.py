"""What the checks by real clients share: a started server, counts, people who sign in."""
import contextlib
import html.parser
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
counts = {"passed": 0, "failed": 0, "skipped": 0}


@contextlib.contextmanager
def server(program, *arguments, environment=None):
    """A running server; gives the line of fixtures that it prints."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen([program, "serve", "--port", "0", "--json", "--database", ":memory:", *arguments], cwd=ROOT,
                                   env={**os.environ, **(environment or {})}, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()
            process.wait(5)
            process.stdout.close()


def check(name, body, *arguments):
    try:
        body(*arguments)
        counts["passed"] += 1
    except Exception as error:  # a failing check must not hide the others
        counts["failed"] += 1
        print(f"FAIL {name}: {type(error).__name__}: {error}")


def skip(name, why):
    counts["skipped"] += 1
    print(f"SKIP {name}: {why}")


def free_port():
    """A port that nobody has. Somebody could take it before it is used; on a machine that runs tests nobody does."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def finish():
    print("{passed} passed, {failed} failed, {skipped} skipped".format(**counts))
    sys.exit(1 if counts["failed"] else 0)


class Forms(html.parser.HTMLParser):
    """The forms of a page: id, action, hidden fields, buttons."""

    def __init__(self, text):
        super().__init__()
        self.forms, self.form = {}, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.form = {"action": attributes.get("action"), "hidden": {}, "buttons": []}
            self.forms[attributes.get("id")] = self.form
        elif tag == "input" and attributes.get("type") == "hidden":
            self.form["hidden"][attributes["name"]] = attributes["value"]
        elif tag == "button":
            self.form["buttons"].append((attributes.get("name"), attributes.get("value")))


def sign_in(session, url, login_name="alice@acme.localhost", password="Password1!"):
    """Follows an authorization request to the page and signs in there. Gives the address that the app is called at."""
    answer = session.get(url)
    form = Forms(answer.text).forms["password"]
    done = session.post(urllib.parse.urljoin(answer.url, form["action"]), allow_redirects=False,
                        data={**form["hidden"], "loginName": login_name, "password": password, "signIn": "1"})
    assert done.status_code == 302, done.text
    return done.headers["Location"]
