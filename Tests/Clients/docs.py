#!/usr/bin/env python3
"""Runs every command of the documentation against a started server.

    Tests/Clients/docs.py PROGRAM

Of README.md, CONTRIBUTING.md and docs/*.md, each block of `sh` is run in bash, the blocks of a page one after the other in one shell, in a folder that looks like
the root of the repository. `http://localhost:8080` means the started server there, and `mock-zitadel` is PROGRAM. Comments in the line before a block:

    <!-- expect: REGEX -->        what the output must match
    <!-- file: PATH -->           the block is written to that file instead of run; a JSON file must be a valid seed
    <!-- needs: MODULE ... -->    Python modules without which the block is skipped
    <!-- not run: REASON -->      for a block of `shell`, which is counted as skipped

A block of another language without a comment is parsed, where that is possible; a block of a language that nothing here knows is a failure.

The last line is "N passed, N failed, N skipped"; exit status 1 when something failed.
"""
import importlib.util
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from support import ROOT, check, finish, server, skip

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "Examples").glob("*/README.md"))]
# What is shown, and run by another test or by nobody.
SHOWN = {"js": "the page contract is tested with Chromium", "mermaid": "a picture"}
BLOCK = re.compile(r"((?:^<!-- [a-z ]+: [^\n]* -->\n)*)^```(\w+)\n(.*?)^```$", re.M | re.S)
COMMENT = re.compile(r"<!-- ([a-z ]+): (.*) -->")
MARK = "@@ end of block"


class Shell:
    """A bash that runs blocks one after the other, and keeps their variables and functions."""

    def __init__(self, folder, program, base):
        tools = folder / ".tools"
        tools.mkdir()
        (tools / "mock-zitadel").symlink_to(program)
        (tools / "python3").symlink_to(sys.executable)
        for name in ("seed", "Scripts", "Examples"):
            (folder / name).symlink_to(ROOT / name)
        self.base = base
        environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "PYTHONDONTWRITEBYTECODE": "1"}
        self.process = subprocess.Popen(["bash"], cwd=folder, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT)

    def run(self, block):
        text = block.replace("http://localhost:8080", self.base)
        self.process.stdin.write(f"{text}\necho; echo '{MARK}' $?\n")
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            if line.startswith(MARK):
                return "".join(lines), int(line.split()[-1])
            lines.append(line)
        raise AssertionError("the shell ended: " + "".join(lines))

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


def run_block(shell, text, expected):
    output, status = shell.run(text)
    output = output.replace(shell.base, "http://localhost:8080")
    assert status == 0, f"status {status}: {output[-600:]}"
    assert not expected or re.search(expected, output, re.M), f"expected {expected}: {output[-600:]}"


def write_file(folder, program, path, text):
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)
    if target.suffix == ".json":
        done = subprocess.run([program, "seed", "check", str(target)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def parse(language, text):
    """Shows nothing that its language does not allow."""
    if language == "json":
        json.loads(text)
    elif language == "python":
        compile(text, "block", "exec")


def links(page):
    """Every relative link leads to a file, and its fragment to a heading."""
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if target.startswith(("http:", "https:")):
            continue
        path, _, fragment = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{target}: no such file"
        if fragment:
            headings = re.findall(r"^#+ (.*)$", file.read_text(), re.M)
            slugs = [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]
            assert fragment in slugs, f"{target}: no such heading; there are {slugs}"


def explained(notes):
    raise AssertionError("a block of shell says why it is not run")


def known(language):
    raise AssertionError(f"a block of {language} is neither run nor parsed")


def run_page(page, program, base):
    name = page.relative_to(ROOT)
    check(f"{name}: links", links, page)
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        shell = Shell(folder, program, base)
        for found in BLOCK.finditer(page.read_text()):
            notes = dict(COMMENT.findall(found[1]))
            title = f"{name}:{page.read_text()[:found.start(2)].count(chr(10)) + 1}"
            missing = [module for module in notes.get("needs", "").split() if not importlib.util.find_spec(module)]
            if "file" in notes:
                check(title, write_file, folder, program, notes["file"], found[3])
            elif found[2] == "shell":
                check(title, explained, notes) if "not run" not in notes else skip(title, notes["not run"])
            elif found[2] in ("json", "python"):
                check(title, parse, found[2], found[3])
            elif found[2] in SHOWN:
                skip(title, SHOWN[found[2]])
            elif found[2] == "sh" and missing:
                skip(title, f"{', '.join(missing)} not installed")
            elif found[2] == "sh":
                check(title, run_block, shell, found[3], notes.get("expect"))
            else:
                check(title, known, found[2])
        shell.close()


def example(program, base):
    """The tests of Examples/compose, without containers."""
    done = subprocess.run([sys.executable, "-m", "unittest", "discover", "-s", str(ROOT / "Examples/compose/tests")], capture_output=True, text=True,
                          env={**os.environ, "ZITADEL_ISSUER": base, "PYTHONDONTWRITEBYTECODE": "1"}, timeout=60)
    assert done.returncode == 0 and re.search(r"Ran [1-9]", done.stderr), done.stderr


def main(program):
    with server(program) as fixtures:
        for page in PAGES:
            run_page(page, program, fixtures["baseUrl"])
    with server(program, "--seed", str(ROOT / "Examples/compose/zitadel")) as fixtures:
        check("Examples/compose", example, program, fixtures["baseUrl"])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(str(pathlib.Path(sys.argv[1]).resolve()))
    finish()
