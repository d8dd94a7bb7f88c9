#!/usr/bin/env python3
"""Makes Tests/Recordings/random.json of random request sequences that a running ZITADEL answered.

    Scripts/import-differential.py FOLDER

FOLDER holds corpus.jsonl.gz (sequences with the normalized answers of the server) and fixture.json (what the server was set up with). Of each kind the
first sequences are kept that the replay of this repository can send, up to PER_KIND; those that docs/known-differences.json lists are left out.
A sequence ends before the first step that the recorded server could not be asked.
"""
import collections
import gzip
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
TARGET = ROOT / "Tests" / "Recordings"
PER_KIND = {"hand": 100, "code": 40}
DEFAULT = 22
TAGS = {"$basic", "$jwt", "$now", "$nowf", "$nowstr", "$rfc", "$repeat", "$cut", "$chop", "$alter", "$segment"}


def sendable(step, answer):
    """whether the replay can send the step byte for byte as it was recorded"""
    text = json.dumps(step)
    if set(re.findall(r'"(\$\w+)"', text)) - TAGS or "PRIMARYDOMAIN" in text or re.search(r'"PS(384|512)"', text):
        return False
    request = step.get("req")
    if request is None:
        login = step["login"]
        # A sign-in that is refused ends at a page here, and at an interface of the recorded server.
        return answer["status"] == 302 and "redirect_uri" not in login and not any(name in ("prompt", "login_hint") for name, _ in login.get("params", []))
    # Lines of headers that a client library would rewrite, and paths with characters that it would escape.
    if any(name.lower() in ("expect", "transfer-encoding", "connection", "host") for name, _ in request.get("headers", [])):
        return False
    if isinstance(request.get("body"), dict) or not re.fullmatch(r"[!-~]*", request["path"]) or "#" in request["path"]:
        return False
    return all(isinstance(name, str) for name, _ in request.get("query", []) + (request.get("form") or []))


def cut(sequence):
    """the steps and answers before the first that cannot be asked"""
    steps, answers = [], []
    for step, answer in zip(sequence["steps"], sequence["answers"]):
        if "answer" not in answer or not sendable(step, answer["answer"]):
            break
        steps.append(step)
        answers.append({name: value for name, value in answer["answer"].items() if name != "otherHeaders"})
    return steps, answers


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    known = {entry for cause in json.loads((ROOT / "docs" / "known-differences.json").read_text()) for entry in cause["sequences"]}
    tokens, cases, counts = {}, [], collections.Counter()
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            sequence = json.loads(line)
            if "tokens" in sequence:
                tokens = sequence["tokens"]
                continue
            kind = sequence["kind"]
            steps, answers = cut(sequence)
            if not steps or sequence["id"] in known or counts[kind] >= PER_KIND.get(kind, DEFAULT):
                continue
            counts[kind] += 1
            cases.append({"id": sequence["id"], "title": kind, "endpoint": kind, "steps": steps, "answers": answers})
    rows = ",\n".join("  " + json.dumps(case, ensure_ascii=False, separators=(",", ":")) for case in cases)
    head = json.dumps(tokens, ensure_ascii=False)
    (TARGET / "random.json").write_text(f'{{\n "tokens": {head},\n "cases": [\n{rows}\n ]\n}}\n', encoding="utf-8")

    fixture = json.loads((folder / "fixture.json").read_text())
    for group in ("apps", "users"):
        for resource in fixture[group].values():
            for key in resource.get("keys", {}).values():
                key.pop("file", None)
    kept = {name: fixture[name] for name in ("issuer", "instance", "orgs", "projects", "apps", "users")}
    (TARGET / "random-fixture.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(cases)} sequences: " + ", ".join(f"{kind} {count}" for kind, count in sorted(counts.items())))


if __name__ == "__main__":
    main()
