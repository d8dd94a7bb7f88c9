#!/usr/bin/env python3
"""The OpenAPI document of the control API, and whether a started server does what it says.

    Tests/Clients/openapi.py PROGRAM

First a check that needs nothing: the document is OpenAPI 3.1 in its main parts, and every operation, called with a valid body and with several invalid ones, answers
with a status and a content type that the document promises, and never with a failure of the server. Then schemathesis, from PyPI, in an environment of its own below
.build; it is skipped where PyPI cannot be reached. The last line is "N passed, N failed, N skipped"; exit status 1 when something failed.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

from support import ROOT, check, finish, server, skip

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
SCHEMATHESIS = "schemathesis==4.32.5"
# A stream that has no end.
ENDLESS = "/mock/v1/requests/events"


# ---------------------------------------------------------------- The document

def resolve(document, reference):
    assert reference.startswith("#/"), f"{reference}: not in this document"
    target = document
    for part in reference[2:].split("/"):
        target = target[part.replace("~1", "/").replace("~0", "~")]
    return target


def references(value):
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "$ref":
                yield inner
            else:
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def operations(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                yield path, method, operation


def valid(document):
    assert document["openapi"].startswith("3.1."), document["openapi"]
    assert document["info"]["title"] and document["info"]["version"]
    for reference in references(document):
        resolve(document, reference)
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(set(names)) == len(names), "an operationId is there twice"
    for path, method, operation in operations(document):
        place = f"{method} {path}"
        parameters = [resolve(document, each["$ref"]) if "$ref" in each else each for each in operation.get("parameters", [])]
        declared = {each["name"] for each in parameters if each["in"] == "path"}
        assert declared == set(re.findall(r"{([^}]+)}", path)), f"{place}: path parameters {declared}"
        assert all(each.get("required") for each in parameters if each["in"] == "path"), place
        assert len({(each["in"], each["name"]) for each in parameters}) == len(parameters), f"{place}: a parameter is there twice"
        assert operation["responses"], place
        for status, answer in operation["responses"].items():
            assert re.fullmatch(r"[1-5](\d\d|XX)|default", status), f"{place}: {status}"
            assert (resolve(document, answer["$ref"]) if "$ref" in answer else answer)["description"], place
    for tag in {tag for _, _, operation in operations(document) for tag in operation.get("tags", [])}:
        assert any(each["name"] == tag for each in document["tags"]), f"tag {tag}"


# ---------------------------------------------------------------- Values

TEXTS = [(r"\^\[0-9\]\{1,20\}", "270000000000000999"), (r"\[0-9\]\{4\}-", "2027-01-01T00:00:00Z"), (r"^\^\(\[0-9\]\+h", "12h"), (r"\[Tt\]\[Pp\]", "http://localhost:3000")]


def text(schema):
    for example in schema.get("examples", []) + schema.get("enum", []):
        return example
    pattern = schema.get("pattern")
    if pattern:
        for beginning, value in TEXTS:
            if re.search(beginning, pattern):
                return value
        for value in ["x", "localhost", "a:b", "en", "+41791234567", "a" * 32, "x/y"]:
            if re.search(pattern, value):
                return value
    return "x" * max(1, schema.get("minLength", 0))


def example(document, schema, depth=0):
    """A value that fits a schema."""
    if "$ref" in schema:
        return example(document, resolve(document, schema["$ref"]), depth)
    if "const" in schema:
        return schema["const"]
    if "anyOf" in schema and "type" not in schema:
        return example(document, schema["anyOf"][0], depth)
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "string":
        return text(schema)
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    if kind == "boolean":
        return True
    if kind == "array":
        return [example(document, schema.get("items", {}), depth + 1)] if depth < 5 else []
    needed = set(schema.get("required", []))
    for rule in ("oneOf", "anyOf"):
        needed |= set((schema.get(rule) or [{}])[0].get("required", []))
    value = {name: example(document, schema["properties"][name], depth + 1) for name in sorted(needed) if name in schema.get("properties", {})}
    for condition in schema.get("allOf", []):
        tags = condition.get("if", {}).get("properties", {})
        if all(value.get(name) == each.get("const") for name, each in tags.items()):
            value = {**example(document, condition["then"], depth), **value}
    return value


def invalid(document, schema, fitting):
    """Values that do not fit a schema, each with what is wrong."""
    while "$ref" in schema:
        schema = resolve(document, schema["$ref"])
    yield "an array", [fitting]
    yield "a text", "x"
    if schema.get("additionalProperties") is False:
        yield "an unknown member", {**fitting, "noSuchMember": 1}
    for name in schema.get("required", []):
        yield f"no {name}", {key: value for key, value in fitting.items() if key != name}
    for name, member in schema.get("properties", {}).items():
        if member:
            yield f"{name} of another type", {**fitting, name: [[{"x": []}]]}
            yield f"{name} with control characters", {**fitting, name: "\u0000\u001b\ud83d"}


# ---------------------------------------------------------------- Calls

def call(base, method, path, body=None, content_type="application/json"):
    data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": content_type} if data is not None else {}
    request = urllib.request.Request(base + path, data=data, headers=headers, method=method.upper())
    try:
        answer = urllib.request.urlopen(request, timeout=10)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, (answer.headers.get("Content-Type") or "").split(";")[0], answer.read()


def promised(document, operation, status, media_type, body):
    answers = operation["responses"]
    answer = answers.get(str(status)) or answers.get(f"{status // 100}XX")
    assert answer, f"status {status} is not documented: {body[:300]}"
    if "$ref" in answer:
        answer = resolve(document, answer["$ref"])
    types = answer.get("content", {})
    assert (media_type in types) if types else not body, f"status {status} with {media_type or 'no type'}; documented are {list(types)}"
    if media_type.endswith("json"):
        json.loads(body)


# What the demo has, by the first part of a path.
KNOWN = {"organizations": "270000000000000001", "projects": "270000000000000101", "apps": "270000000000000303", "users": "svc"}


def target(path, value=None, known=False):
    """An address of the path: with a reference to what is there, when there is one."""
    def filled(parameter):
        found = KNOWN.get(path.split("/")[3]) if known and parameter[1] == "ref" else None
        return urllib.parse.quote(value or found or "270000000000000999", safe="")
    return re.sub(r"{([^}]+)}", filled, path)


def behaves(document, base, path, method, operation):
    def one(what, address, body=None, refused=False, **options):
        status, media_type, answer = call(base, method, address, body, **options)
        assert status < 500, f"{what}: status {status}: {answer[:300]}"
        try:
            promised(document, operation, status, media_type, answer)
        except AssertionError as error:
            raise AssertionError(f"{what}: {error}") from None
        assert not refused or status >= 400, f"{what}: accepted with status {status}"

    address = target(path, known=method not in ("delete", "patch"))
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    fitting = None if schema is None else example(document, schema)
    one("a valid call", address, fitting)
    if "{" in path:
        for value in ["no such", "%2F..%2F", "\u2028", "x" * 5000, "0"]:
            one(f"the reference {value[:20]!r}", target(path, value), fitting)
    for parameter in operation.get("parameters", []):
        if parameter.get("in") != "query":
            continue
        value = example(document, parameter["schema"])
        if parameter["name"] == "wait":
            value = "1ms"
        one(f"?{parameter['name']}={value}", f"{address}?{parameter['name']}={urllib.parse.quote(str(value))}", fitting)
        plain = set(parameter["schema"]) <= {"type"}
        one(f"?{parameter['name']}=\\0", f"{address}?{parameter['name']}=%00%F0", fitting, refused=not plain)
    if schema is not None:
        closed = "$ref" in schema and resolve(document, schema["$ref"]).get("additionalProperties") is False
        for what, body in invalid(document, schema, fitting):
            must_fail = what in ("an array", "a text") or (closed and ("type" in what or what.startswith(("no ", "an unknown"))))
            one(what, address, body, refused=must_fail)
        for what, body in [("broken JSON", b"{\"a\":"), ("not UTF-8", b"{\"\xff\":\"\xfe\"}"), ("deep JSON", b"[" * 5000), ("an empty object", b"{}")]:
            one(what, address, body, refused=what in ("broken JSON", "deep JSON"))
        one("a form", address, b"a=b", content_type="application/x-www-form-urlencoded", refused=True)


def own_checks(program):
    with server(program, "--log-format", "off") as fixtures:
        base = fixtures["baseUrl"]
        document = json.loads(call(base, "GET", "/mock/v1/openapi.json")[2])
        check("the document", valid, document)
        listed = json.loads(call(base, "GET", "/mock/v1")[2])["routes"]
        check("the list of routes", lambda: check_equal({(each["method"].lower(), each["path"]) for each in listed}, {(method, path) for path, method, _ in operations(document)}))
        for path, method, operation in operations(document):
            if path != ENDLESS:
                check(f"{method.upper()} {path}", behaves, document, base, path, method, operation)
        check("the server afterwards", lambda: check_equal(call(base, "GET", "/debug/ready")[0], 200))


def check_equal(left, right):
    assert left == right, f"{left} is not {right}"


# ---------------------------------------------------------------- schemathesis

# Left out: what is valid by the schema may be refused for reasons that no schema has, such as a role without a project; and a path may be another one's parameter.
CHECKS = ("not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance,negative_data_rejection,"
          "unsupported_method")
HOOKS = '''import random

import schemathesis

# What the demo has, so that calls get further than to a reference that leads nowhere.
KNOWN = {"organizations": "270000000000000001", "projects": "270000000000000101", "apps": "270000000000000303", "users": "svc"}


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Mostly what is there, except to remove it."""
    known = KNOWN.get(context.operation.path.split("/")[3])
    if not path_parameters or "ref" not in path_parameters or not known or context.operation.method.lower() == "delete" or random.random() < 0.3:
        return path_parameters
    return {**path_parameters, "ref": known}


@schemathesis.hook
def map_query(context, query):
    """Waiting for requests that nobody makes takes a minute each."""
    return {name: value for name, value in query.items() if name != "wait"} if query else query
'''


def installed():
    """The program; None when it cannot be had."""
    folder = ROOT / ".build/schemathesis"
    kept = folder / ".installed"
    if kept.exists() and kept.read_text() == SCHEMATHESIS:
        return folder / "bin/schemathesis"
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True, capture_output=True)
    command = [str(folder / "bin/pip"), "install", "-q", "--retries", "0", "--timeout", "20", "--disable-pip-version-check", SCHEMATHESIS]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        print(done.stderr, file=sys.stderr)
        return None
    kept.write_text(SCHEMATHESIS)
    return folder / "bin/schemathesis"


def generated(tool, base):
    (tool.parents[1] / "hooks.py").write_text(HOOKS)
    command = [str(tool), "run", f"{base}/mock/v1/openapi.json", "--checks", CHECKS, "--max-examples", "25", "--seed", "1", "--exclude-path", ENDLESS,
               "--request-timeout", "20", "--generation-database", "none", "--no-color"]
    done = subprocess.run(command, cwd=tool.parents[1], capture_output=True, text=True, timeout=600,
                          env={**os.environ, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(tool.parents[1])})
    found = re.search(r"(\d+) generated", done.stdout)
    assert done.returncode == 0 and found and int(found[1]) > 100, done.stdout + done.stderr[-2000:]


def main(program):
    own_checks(program)
    try:
        tool = installed()
    except (OSError, subprocess.CalledProcessError) as error:
        tool = None
        print(error, file=sys.stderr)
    if tool is None:
        return skip("schemathesis", "it cannot be installed from PyPI here")
    with server(program, "--log-format", "off") as fixtures:
        check("schemathesis", generated, tool, fixtures["baseUrl"])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(str(pathlib.Path(sys.argv[1]).resolve()))
    finish()
