#!/usr/bin/env python3
"""Makes Tests/Recordings of the recordings of running ZITADEL servers.

    Scripts/import-recordings.py FOLDER

FOLDER holds one folder a server, named zitadel-VERSION, with cases.json (requests and the answers to them) and fixture.json (the ids, secrets and keys
that the server was set up with). The newest version, BASE below, is kept whole; of each older one only what differs: changed answers, cases that the
base lacks, and cases that it has more. Answers name the fixture's values by symbols, so one fixture serves all versions.

To add a version, name it in OLDER (or make it BASE), run this script, give Sources/Provider/Instance/VersionBehavior.swift a column for it, and name it in
ServerVersion and in the seed format. The script proves that base and differences give back each recording, or stops.
"""
import json
import pathlib
import sys

BASE, OLDER = "2026-07", ["v4.13", "v3.4", "v2.71"]
TARGET = pathlib.Path(__file__).resolve().parents[1] / "Tests" / "Recordings"
# What a replay needs of a case; "unlikeReference" and the like are notes of the person who recorded.
MEMBERS = ("id", "title", "endpoint", "needs", "notRecorded", "steps", "cleanup", "answers")


def slim(case):
    """The case as it is kept. Cookies and ids of requests are not compared, so their names go."""
    out = {name: case[name] for name in MEMBERS if case.get(name)}
    out["answers"] = [{name: value for name, value in answer.items() if name != "otherHeaders"} for answer in case.get("answers", [])]
    return out


def load(folder, version):
    recording = json.loads((folder / f"zitadel-{version}" / "cases.json").read_text())
    return recording["tokens"], {case["id"]: slim(case) for case in recording["cases"]}


def write(name, members, cases):
    """One case a line: small enough, and a difference shows as a line."""
    lines = ["{"]
    lines += [f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}," for key, value in members.items()]
    lines.append(' "cases": [')
    lines.append(",\n".join("  " + json.dumps(case, ensure_ascii=False, separators=(",", ":")) for case in cases))
    lines += [" ]", "}", ""]
    (TARGET / name).write_text("\n".join(lines), encoding="utf-8")


def fixture(folder):
    """Ids, secrets and keys; what a key's downloaded file looked like is left out, it repeats the key."""
    value = json.loads((folder / f"zitadel-{BASE}" / "fixture.json").read_text())
    for group in ("apps", "users"):
        for resource in value[group].values():
            for key in resource.get("keys", {}).values():
                key.pop("file", None)
    kept = {name: value[name] for name in ("issuer", "instance", "orgs", "projects", "apps", "users")}
    (TARGET / "fixture.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def differences(old, new, pointer=""):
    """[JSON pointer, new value] for each place that differs. Where members or lengths differ, the whole object or array is new."""
    if old == new and json.dumps(old) == json.dumps(new):
        return []
    if isinstance(old, dict) and isinstance(new, dict) and list(old) == list(new):
        return [d for k in old for d in differences(old[k], new[k], pointer + "/" + k.replace("~", "~0").replace("/", "~1"))]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [d for n, (a, b) in enumerate(zip(old, new)) for d in differences(a, b, f"{pointer}/{n}")]
    return [[pointer, new]]


def overlay(base, other):
    """Cases of the other version that are not as in the base: the places that differ, or the whole case when the base lacks it."""
    changed = []
    for name, case in other.items():
        if name not in base:
            changed.append({"id": name, "case": case})
        elif places := differences(base[name], case):
            changed.append({"id": name, "differences": places})
    return changed, [name for name in base if name not in other]


def patched(value, pointer, new):
    if not pointer:
        return new
    head, _, rest = pointer[1:].partition("/")
    rest = "/" + rest if rest or pointer.endswith("/") else ""
    if isinstance(value, list):
        return [patched(item, rest, new) if n == int(head) else item for n, item in enumerate(value)]
    name = head.replace("~1", "/").replace("~0", "~")
    return {key: patched(item, rest, new) if key == name else item for key, item in value.items()}


def restore(base, changed, missing):
    cases = {name: case for name, case in base.items() if name not in missing}
    for change in changed:
        case = change.get("case") or cases[change["id"]]
        for pointer, new in change.get("differences", []):
            case = patched(case, pointer, new)
        cases[change["id"]] = case
    return cases


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    TARGET.mkdir(exist_ok=True)
    tokens, base = load(folder, BASE)
    write(f"{BASE}.json", {"version": BASE, "tokens": tokens}, base.values())
    fixture(folder)
    print(f"{BASE}: {len(base)} cases")
    for version in OLDER:
        other_tokens, other = load(folder, version)
        if other_tokens != tokens:
            sys.exit(f"{version}: its token recipes are not those of {BASE}")
        changed, missing = overlay(base, other)
        if json.dumps(restore(base, changed, missing)) != json.dumps(other):
            sys.exit(f"{version}: base and differences do not give the recording back")
        write(f"{version}.json", {"version": version, "base": BASE, "missing": missing}, changed)
        print(f"{version}: {len(changed)} cases differ, {len(missing)} are missing")


if __name__ == "__main__":
    main()
