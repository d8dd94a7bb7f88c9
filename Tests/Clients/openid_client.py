#!/usr/bin/env python3
"""openid-client for Node, certified as a relying party by the OpenID Foundation: the program in openid-client is run against a started server.

    Tests/Clients/openid_client.py PROGRAM

PROGRAM is a built mock-zitadel. The last line is "N passed, N failed, N skipped"; exit status 1 when something failed.
"""
import pathlib
import shutil
import subprocess
import sys

import npm
from support import ROOT, finish, server, skip


def main(program):
    node = shutil.which("node")
    if not node or int(subprocess.check_output([node, "--version"], text=True)[1:].split(".")[0]) < 20:
        skip("openid-client", "Node.js 20 or later is not installed")
        return finish()
    if not npm.install():
        skip("openid-client", "npm is not installed, or cannot get packages here")
        return finish()
    client = pathlib.Path(shutil.copy(ROOT / "Tests/Clients/openid-client/main.mjs", npm.FOLDER))
    with server(program) as fixtures:
        sys.exit(subprocess.run([node, str(client), fixtures["baseUrl"], str(ROOT / "seed/keys")]).returncode)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(str(pathlib.Path(sys.argv[1]).resolve()))
