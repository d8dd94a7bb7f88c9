#!/usr/bin/env python3
"""Creates 10,000 users one by one through the control API, and measures the processor time of the server.

    Benchmarks/many-users.py [PROGRAM]

PROGRAM defaults to .build-release/release/mock-zitadel. Exit status 1 when that takes 5 s or more, or the last thousand twice as long as the first.
"""
import http.client
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
COUNT = 10_000


def processor(process):
    """Seconds of processor time so far."""
    fields = open(f"/proc/{process.pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / ".build-release/release/mock-zitadel")
    process = subprocess.Popen(
        [program, "serve", "--port", "0", "--json", "--database", ":memory:", "--log-format", "off", "--seed", str(ROOT / "seed/demo.json")],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        client = http.client.HTTPConnection("localhost", int(json.loads(process.stdout.readline())["port"]))
        times = [processor(process)]
        for number in range(COUNT):
            body = json.dumps({"type": "machine", "userName": f"user{number}"})
            client.request("POST", "/mock/v1/organizations/ACME/users", body, {"Content-Type": "application/json"})
            response = client.getresponse()
            if response.status != 201:
                sys.exit(f"user {number}: {response.status} {response.read().decode()}")
            response.read()
            if (number + 1) % 1000 == 0:
                times.append(processor(process))
    finally:
        process.kill()
    first, last, total = times[1] - times[0], times[-1] - times[-2], times[-1] - times[0]
    print(f"{COUNT} users one by one took {total:.2f} s of processor time (goal: below 5); the first thousand {first:.2f} s, the last {last:.2f} s")
    # The first thousand begin while the signing keys are made.
    sys.exit(0 if total < 5 and last < 2 * max(first, 0.2) else 1)


if __name__ == "__main__":
    main()
