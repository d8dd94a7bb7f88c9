#!/usr/bin/env python3
"""What the control API costs: reset, snapshots, instances, single calls, and what the token path pays for them.

    Benchmarks/control.py PROGRAM [--users 1000] [--tokens 10000]

Starts PROGRAM (a release build) on a free port and prints one line a measure, with its bound where there is one. Exit status 1 when a bound is missed.
"""
import argparse
import http.client
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time

FAILED = []


class Caller:
    """One connection that is kept open."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("localhost", port)

    def __call__(self, method, path, body=None, headers=None, expect=(200, 201, 204)):
        headers = dict(headers or {})
        if body is not None and "Content-Type" not in headers:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body)
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status not in expect:
            raise SystemExit(f"{method} {path}: {answer.status} {content[:300]!r}")
        return json.loads(content) if content.startswith(b"{") else None


def milliseconds(body, times=1):
    spans = []
    for _ in range(times):
        start = time.perf_counter()
        body()
        spans.append((time.perf_counter() - start) * 1000)
    return spans


def report(name, value, bound=None, unit="ms"):
    print(f"{name}: {value:.2f} {unit}" + (f" (bound {bound} {unit})" if bound else ""), flush=True)
    if bound and value > bound:
        FAILED.append(name)


def seed(users):
    people = [
        {"type": "machine", "id": str(300000000000000000 + n), "userName": f"svc{n}", "clientSecret": f"secret-{n}"}
        for n in range(users)
    ]
    apps = [{"type": "api", "name": "API", "clientId": "api", "clientSecret": "api-secret"}]
    return {"organizations": [{"name": "Bench", "projects": [{"name": "P", "id": "1", "apps": apps}], "users": people}]}


def introspections(port, token, seconds):
    """Introspections a second over one connection."""
    call = Caller(port)
    form = f"token={token}"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": "Basic YXBpOmFwaS1zZWNyZXQ="}
    count, end = 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        call("POST", "/oauth/v2/introspect", form, headers)
        count += 1
    return count / seconds


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--users", type=int, default=1000)
    parser.add_argument("--tokens", type=int, default=10_000)
    options = parser.parse_args()
    folder = tempfile.TemporaryDirectory()
    with open(folder.name + "/seed.json", "w") as file:
        json.dump(seed(options.users), file)
    server = subprocess.Popen(
        [options.program, "serve", "--port", "0", "--json", "--log-format", "off", "--seed", folder.name + "/seed.json",
         "--database", folder.name + "/db.sqlite"],
        stdout=subprocess.PIPE)
    try:
        port = json.loads(server.stdout.readline())["port"]
        measure(port, options)
    finally:
        server.terminate()
        server.wait()
    if FAILED:
        raise SystemExit("missed: " + ", ".join(FAILED))


def measure(port, options):
    call = Caller(port)
    mock = lambda method, path, body=None, **more: call(method, "/mock/v1" + path, body, **more)

    def fill():
        for n in range(options.tokens):
            mock("POST", "/tokens", {"user": str(300000000000000000 + n % options.users), "audience": ["1"]})

    def disturb():
        mock("PATCH", "/users/svc1", {"state": "locked"})
        mock("POST", "/organizations/Bench/users", {"type": "machine", "userName": "added"})

    spans = []
    for _ in range(5):
        fill()
        disturb()
        spans += milliseconds(lambda: mock("POST", "/reset", {}))
    report(f"reset with {options.users} resources and {options.tokens} tokens, after changes, median", statistics.median(spans), 20)

    spans = []
    for _ in range(3):
        mock("DELETE", "/users/svc2")
        spans += milliseconds(lambda: mock("POST", "/reset", {}))
    report("reset after a removal, which rewrites all resources", max(spans))

    fill()
    report("snapshot of it", max(milliseconds(lambda: mock("PUT", "/snapshots/s", {}), 3)))
    report("restoring the snapshot", max(milliseconds(lambda: mock("POST", "/snapshots/s/restore", {}), 3)))

    small = seed(20)
    names = iter(range(10_000))
    def opened(body):
        return lambda: mock("POST", "/instances", {"name": f"b{next(names)}", **body})
    report("opening an instance with a seed of 20 users, median", statistics.median(milliseconds(opened({"seed": small}), 50)), 10)
    report(f"opening one with the seed of {options.users} users, median", statistics.median(milliseconds(opened({}), 5)))
    for item in mock("GET", "/instances?limit=1000")["items"]:
        mock("DELETE", "/instances/" + item["name"])

    problems = []
    def worker(number):
        mine = Caller(port)
        try:
            name = f"p{number}"
            mine("POST", "/mock/v1/instances", {"name": name, "seed": small})
            header = {"Mock-Instance": name}
            mine("PATCH", "/mock/v1/users/svc1", {"name": name}, header)
            if mine("GET", "/mock/v1/users/svc1", None, header)["name"] != name:
                problems.append(name)
        except (SystemExit, OSError) as problem:
            problems.append(str(problem))
    threads = [threading.Thread(target=worker, args=(n,)) for n in range(200)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report("200 instances in parallel, each opened, changed and asked", (time.perf_counter() - start) * 1000)
    if problems:
        FAILED.append("cross-talk: " + problems[0])
    for n in range(200):
        mock("DELETE", f"/instances/p{n}")

    mock("POST", "/reset", {})
    counter = iter(range(10_000))
    calls = {
        "clock": lambda: mock("PUT", "/clock", {"advance": "1s"}),
        "create a user":
            lambda: mock("POST", "/organizations/Bench/users", {"type": "machine", "userName": f"n{next(counter)}"}),
        "change a user": lambda: mock("PATCH", "/users/svc1", {"name": f"x{next(counter)}"}),
        "read a user": lambda: mock("GET", "/users/svc1"), "list users": lambda: mock("GET", "/users?limit=10"),
        "mint a token": lambda: mock("POST", "/tokens", {"user": "svc1"}),
        "journal": lambda: mock("GET", "/requests?limit=10"),
    }
    for name, step in calls.items():
        report(f"call: {name}, median of 100", statistics.median(milliseconds(step, 100)), 5)

    waits = []
    stop = threading.Event()
    def read():
        reader = Caller(port)
        while not stop.is_set():
            waits.extend(milliseconds(lambda: reader("GET", "/oauth/v2/keys")))
    reading = threading.Thread(target=read)
    reading.start()
    rename = lambda: mock("PATCH", "/organizations/Bench", {"domains": [f"d{next(counter)}.example"]})
    report("call: change the login names of all users, median of 20", statistics.median(milliseconds(rename, 20)))
    stop.set()
    reading.join()
    report("longest wait of a reader meanwhile", max(waits))

    # The token path, in turn: nothing set; then a fault for another endpoint, a shifted clock and a waiting request.
    mock("POST", "/reset", {})
    token = mock("POST", "/tokens", {"user": "svc1", "audience": ["1"], "expiresIn": "24h"})["token"]
    plain, busy = [], []
    for _ in range(4):
        plain.append(introspections(port, token, 1.0))
        fault = mock("POST", "/faults", {"match": {"endpoint": "revoke"}, "do": {"status": 503}})["id"]
        mock("PUT", "/clock", {"offset": "1m"})
        busy.append(introspections(port, token, 1.0))
        mock("DELETE", "/faults/" + fault)
        mock("DELETE", "/clock")
    report("introspection with a fault for another endpoint and a shifted clock, of that without",
           100 * statistics.median(busy) / statistics.median(plain), unit="%")


if __name__ == "__main__":
    sys.exit(main())
