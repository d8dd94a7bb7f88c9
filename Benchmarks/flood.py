#!/usr/bin/env python3
"""Measures what clients that do their worst can take: memory for 1,000 connections at 64 KiB/s, and processor time for 1 MB of input.

    Benchmarks/flood.py [PROGRAM] [--seconds N] [--connections N] [--rate BYTES_PER_SECOND]

PROGRAM defaults to .build-release/release/mock-zitadel. Exit status 1 when memory grows by more than 64 MB, or 1 MB of one kind of input costs more than 50 ms.
The flood runs in processes of its own on the same machine. Each connection sends one kind of input over and over, and most never read.
"""
import argparse
import atexit
import json
import multiprocessing
import os
import pathlib
import select
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
POST = b"POST /oauth/v2/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"


def repeat(head, piece):
    """A head once, and then the same piece forever."""
    yield head
    block = piece * max(1, 16384 // len(piece))
    while True:
        yield block


def bodies(size):
    """Whole requests with large bodies, one after the other."""
    while True:
        yield POST + b"Content-Length: %d\r\n\r\n" % size
        for _ in range(size // 16384):
            yield b"x" * 16384


# Each: name, and what makes the input. None of it ends.
KINDS = {
    "long header": lambda: repeat(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ", b"y"),
    "header fields": lambda: repeat(b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"a:b\r\n"),
    "folded header": lambda: repeat(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\r\n", b" b\r\n"),
    "long target": lambda: repeat(b"GET /", b"%C3%A9"),
    "body": lambda: repeat(POST + b"Content-Length: 10000000\r\n\r\n", b"a=b&"),
    "many bodies": lambda: bodies(1 << 20),
    "one chunk": lambda: repeat(CHUNKED + b"900000\r\n", b"&"),
    "small chunks": lambda: repeat(CHUNKED, b"1\r\nx\r\n"),
    "chunk extensions": lambda: repeat(CHUNKED, b"1;" + b"e" * 200 + b"\r\nx\r\n"),
    "trailers": lambda: repeat(CHUNKED + b"0\r\n", b"X: y\r\n"),
    "empty lines": lambda: repeat(b"", b"\r\n"),
    "not found": lambda: repeat(b"", b"GET /x HTTP/1.1\r\nHost: localhost\r\n" + b"X: " + b"y" * 900 + b"\r\n\r\n"),
    "pages": lambda: repeat(b"", b"GET /ui/v2/login/login?" + b"q" * 900 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    "dots": lambda: repeat(POST + b"Content-Length: 10000000\r\n\r\ngrant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=", b"."),
    "control bytes": lambda: repeat(b"", b"\0\1\2\3\r\n"),
}


class Server:
    def __init__(self, program):
        self.process = subprocess.Popen(
            [program, "serve", "--port", "0", "--json", "--database", ":memory:", "--seed", str(ROOT / "seed/demo.json")],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.port = int(json.loads(self.process.stdout.readline())["baseUrl"].rsplit(":", 1)[1])
        self.address = ("127.0.0.1", self.port)

    def memory(self):
        """Resident megabytes."""
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024

    def processor(self):
        """Milliseconds of processor time so far."""
        fields = open(f"/proc/{self.process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")

    def latency(self):
        """Milliseconds of a health check on a new connection."""
        start = time.monotonic()
        with socket.create_connection(self.address, timeout=20) as client:
            client.sendall(b"GET /debug/healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            ok = b" 200 " in client.recv(4096)
        return (time.monotonic() - start) * 1000 if ok else float("inf")


def flood(address, kinds, rate, seconds):
    """Keeps one connection of each kind busy at the rate, opening it again whenever the server has closed it."""
    state = [None] * len(kinds)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        begin = time.monotonic()
        for index, kind in enumerate(kinds):
            if state[index] is None:
                client = socket.socket()
                client.setblocking(False)
                client.connect_ex(address)
                state[index] = (client, KINDS[kind](), [b""])
                continue
            client, source, rest = state[index]
            budget = rate // 4
            try:
                while budget > 0:
                    if not rest[0]:
                        rest[0] = next(source)
                    sent = client.send(rest[0][:budget])
                    rest[0] = rest[0][sent:]
                    budget -= sent
            except BlockingIOError:
                pass
            except OSError:
                client.close()
                state[index] = None
        time.sleep(max(0, 0.25 - (time.monotonic() - begin)))


def measure_memory(program, connections, rate, seconds):
    server = Server(program)
    try:
        return flood_memory(server, connections, rate, seconds)
    finally:
        server.process.kill()


def flood_memory(server, connections, rate, seconds):
    server.latency()
    before, names = server.memory(), list(KINDS)
    kinds = [names[index % len(names)] for index in range(connections)]
    count = 4
    workers = [multiprocessing.Process(target=flood, args=(server.address, kinds[index::count], rate, seconds)) for index in range(count)]
    for worker in workers:
        worker.start()
    peak, slowest, start = before, 0, server.processor()
    while any(worker.is_alive() for worker in workers):
        time.sleep(0.5)
        peak = max(peak, server.memory())
        try:
            slowest = max(slowest, server.latency())
        except OSError:
            slowest = float("inf")
    used = server.processor() - start
    alive = server.process.poll() is None
    print(f"memory: {before:.0f} MB before, {peak:.0f} MB at most, {server.memory():.0f} MB after {seconds} s of {connections} connections at {rate} B/s; "
          f"processor {used / 1000:.1f} s; slowest health check {slowest:.0f} ms; {'alive' if alive else 'DEAD'}")
    return peak - before if alive else float("inf")


def measure_processor(program, megabytes=8):
    worst = 0
    for name, make in KINDS.items():
        server = Server(program)
        atexit.register(server.process.kill)
        server.latency()
        start, sent, target = server.processor(), 0, megabytes << 20
        deadline = time.monotonic() + 60
        while sent < target and time.monotonic() < deadline:
            with socket.create_connection(server.address) as client:
                client.setblocking(False)
                source, rest = make(), b""
                while sent < target and time.monotonic() < deadline:
                    rest = rest or next(source)
                    try:
                        count = client.send(rest)
                    except BlockingIOError:
                        if select.select([client], [client], [], 5)[0]:
                            try:
                                if not client.recv(1 << 20):
                                    break
                            except BlockingIOError:
                                pass
                            except OSError:
                                break
                        continue
                    except OSError:
                        break
                    rest, sent = rest[count:], sent + count
        server.latency()
        each = (server.processor() - start) / (sent / 1e6)
        worst = max(worst, each)
        print(f"processor: {each:6.1f} ms for 1 MB of {name}")
        server.process.kill()
        server.process.wait()
    return worst


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", nargs="?", default=str(ROOT / ".build-release/release/mock-zitadel"))
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--connections", type=int, default=1000)
    parser.add_argument("--rate", type=int, default=64 << 10)
    options = parser.parse_args()
    grown = measure_memory(options.program, options.connections, options.rate, options.seconds)
    cost = measure_processor(options.program)
    print(f"memory grew by {grown:.0f} MB (goal: 64), 1 MB of input cost {cost:.1f} ms at most (goal: 50)")
    sys.exit(0 if grown <= 64 and cost <= 50 else 1)


if __name__ == "__main__":
    main()
