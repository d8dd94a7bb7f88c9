#!/usr/bin/env python3
"""ZITADEL's own client library for Go, github.com/zitadel/oidc, as Debian has it: the program in zitadel-oidc is built and run against a started server.

    Tests/Clients/zitadel_oidc.py PROGRAM

PROGRAM is a built mock-zitadel. The last line is "N passed, N failed, N skipped"; exit status 1 when something failed.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from support import ROOT, finish, server, skip

DEBIAN = "/usr/share/gocode"


def main(program):
    if not shutil.which("go") or not pathlib.Path(DEBIAN, "src/github.com/zitadel/oidc").exists():
        skip("zitadel/oidc", "golang-go with golang-github-zitadel-oidc-dev is not installed")
        return finish()
    with tempfile.TemporaryDirectory() as folder:
        # Debian's Go packages are used by the way of before modules; a go.mod makes Go understand the /v3 in their import paths.
        source = pathlib.Path(folder, "src/client")
        shutil.copytree(ROOT / "Tests/Clients/zitadel-oidc", source)
        (source / "go.mod").write_text("module client\n")
        environment = {**os.environ, "GO111MODULE": "off", "GOPATH": f"{folder}:{DEBIAN}", "GOCACHE": str(ROOT / ".build/go"), "GOFLAGS": "-buildvcs=false"}
        subprocess.run(["go", "build", "-o", f"{folder}/client", "client"], check=True, cwd=source, env=environment)
        with server(program) as fixtures:
            sys.exit(subprocess.run([f"{folder}/client", fixtures["baseUrl"], str(ROOT / "seed/keys")]).returncode)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(str(pathlib.Path(sys.argv[1]).resolve()))
