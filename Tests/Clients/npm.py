"""Packages of the npm registry that this machine is set up with, installed by npm as package-lock.json pins them."""
import functools
import shutil
import subprocess
import sys

from support import ROOT

FOLDER = ROOT / ".build/npm"
SOURCE = ROOT / "Tests/Clients"


@functools.cache
def install():
    """The folder with the packages; None when there is no npm, or npm cannot get them. npm refuses a package whose hash is not the pinned one."""
    pinned = (SOURCE / "package-lock.json").read_text()
    kept = FOLDER / ".installed"
    if kept.exists() and kept.read_text() == pinned:
        return FOLDER
    npm = shutil.which("npm")
    if not npm:
        return None
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(SOURCE / name, FOLDER)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=0", "--fetch-timeout=20000"]
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True)
    if done.returncode != 0:
        print(done.stderr, file=sys.stderr)
        if "EINTEGRITY" in done.stderr:
            raise AssertionError("a package is not the one that package-lock.json pins")
        return None
    kept.write_text(pinned)
    return FOLDER


def package(name):
    """The folder of a package; None when it cannot be installed."""
    folder = install()
    return folder and folder / "node_modules" / name
