"""Packages of the npm registry, without npm: fetched once, checked against the hash that stands here, kept in the build folder."""
import base64
import hashlib
import io
import pathlib
import sys
import tarfile
import urllib.request

from support import ROOT

FOLDER = ROOT / ".build/npm"
# name: version, integrity as `npm view NAME dist.integrity` says it
PACKAGES = {
    "axe-core": ("4.11.0", "sha512-ilYanEU8vxxBexpJd8cWM4ElSQq4QctCLKih0TSfjIfCQTeyH/6zVrmIJfLPrKTKJRbiG+cfnZbQIjAlJmF1jQ=="),
    "jose": ("6.2.17", "sha512-wOuK9V1yujQFH5S0ZWmLcDZN7+IKh9bUCC2ZPCf2HDlol3WWHy+PPyNjEI75FXRLMp3vDKQcupP59xhVU95hcg=="),
    "oauth4webapi": ("3.8.8", "sha512-8N28E+a/oxfXWBgOMt+ZP/JUf/XR+IFbvkAEPP3gznXOMv9BpAAwiIj0TFNz3tGTPc0ZQ8zmWBNgN1nAys0gng=="),
    "openid-client": ("6.8.9", "sha512-6mXMRNJxDOf6BflEWLXul1UwzLFz++9Ofz1PYwPwwsJsyXBsbfkO+Jo255SW1qnFNLYz4EJWHz42X4OJJrya/g=="),
}


def package(name):
    """The folder of a package, where Node finds it from FOLDER; None when the registry cannot be reached. Raises when what came is another file."""
    version, integrity = PACKAGES[name]
    folder = FOLDER / "node_modules" / name
    kept = folder / f".is-{version}"
    if kept.exists():
        return folder
    url = f"https://registry.npmjs.org/{name}/-/{name}-{version}.tgz"
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            archive = answer.read()
    except OSError as why:
        print(f"{url}: {why}", file=sys.stderr)
        return None
    hashed = "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()
    assert hashed == integrity, f"{url} has {hashed}"
    with tarfile.open(fileobj=io.BytesIO(archive)) as members:
        for member in members:
            parts = pathlib.PurePosixPath(member.name).parts[1:]
            if member.isfile() and parts and ".." not in parts:
                target = folder.joinpath(*parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(members.extractfile(member).read())
    kept.touch()
    return folder
