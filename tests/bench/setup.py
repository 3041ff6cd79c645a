"""What is measured, built and installed: maildex from this checkout, the peers at their pinned versions.

Everything lies under target/bench; a second run does no needless work.
"""

import filecmp
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BENCH = ROOT / "target" / "bench"
MAILDEX = ROOT / "target" / "release" / "maildex"
NATIVE = ROOT / "target" / "release" / "maildex-bench"
TANTIVY = BENCH / "tantivy" / "release" / "tantivy-bench"
PEERS = BENCH / "peers"
BINDGEN = ROOT / "target" / "bindgen" / "light"
ALL_PEERS = ["tantivy", "pagefind", "minisearch", "fts5"]


def say(text):
    print(f"==> {text}", file=sys.stderr, flush=True)


def call(command, **options):
    """Runs a command of the set-up; its output is only shown when it fails."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def set_up(peers):
    """Builds and installs all that a run needs; returns the versions."""
    say("building maildex")
    call([ROOT / "build.sh"])
    call(["cargo", "build", "--quiet", "--locked", "--release", "--package", "maildex-tests", "--bin",
          "maildex-bench"], cwd=ROOT)
    browser = ROOT / "tests" / "browser"
    install(browser, browser, ["package.json", "package-lock.json"], ["npm", "ci"])
    if set(peers) & {"pagefind", "minisearch", "fts5"}:
        # Without a lock file: some mirrors hold Pagefind's packages of one platform only. All versions are exact.
        install(HERE / "peers", PEERS, ["package.json"], ["npm", "install", "--no-package-lock"])
    if "tantivy" in peers:
        say("building tantivy")
        call(["cargo", "build", "--quiet", "--locked", "--release"], cwd=HERE / "tantivy",
             env=os.environ | {"CARGO_TARGET_DIR": str(BENCH / "tantivy")})
    return versions(peers)


def install(source, folder, names, command):
    """Installs what a package.json says, unless it is what is there."""
    folder.mkdir(parents=True, exist_ok=True)
    modules = folder / "node_modules"
    stamps = [(source / name, modules / f".bench-{name}") for name in names]
    if all(stamp.exists() and filecmp.cmp(name, stamp, shallow=False) for name, stamp in stamps):
        return
    say(f"installing the packages of {source.relative_to(ROOT)}")
    if folder != source:
        for name, _ in stamps:
            shutil.copy(name, folder)
    call([*command, "--no-audit", "--no-fund", "--loglevel=error"], cwd=folder)
    for name, stamp in stamps:
        shutil.copy(name, stamp)


def versions(peers):
    told = {"maildex": call(["git", "describe", "--always", "--dirty"], cwd=ROOT).strip(),
            "node": call(["node", "--version"]).strip(), "python": platform.python_version()}
    packages = json.loads((HERE / "peers" / "package.json").read_text())["dependencies"]
    for peer, package in (("pagefind", "pagefind"), ("minisearch", "minisearch"), ("fts5", "sql.js-httpvfs")):
        if peer in peers:
            told[package] = packages[package]
    if "tantivy" in peers:
        lock = (HERE / "tantivy" / "Cargo.lock").read_text()
        told["tantivy"] = re.search(r'name = "tantivy"\nversion = "([^"]+)"', lock)[1]
    return told


def machine():
    """What the figures were measured on, and how busy it was."""
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())[1])
    return {"cpu": cpu[1] if cpu else platform.machine(), "cores": os.cpu_count(), "system": platform.system(),
            "memory_bytes": memory * 1024, "load": round(os.getloadavg()[0], 1)}
