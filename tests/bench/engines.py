"""Builds and asks every engine on one set of documents. Each function returns a part of the results."""

import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from measure import by_kind, median_run, run
from setup import BINDGEN, HERE, MAILDEX, NATIVE, PEERS, TANTIVY, say

PAGE_SIZE = 4096
"""Of SQLite: smaller pages are fewer bytes and more rounds."""
PASSES = 5


def in_chromium(job):
    """Runs a job of browser/measure.mjs."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({name: str(value) if isinstance(value, Path) else value for name, value in job.items()}, file)
        file.flush()
        done = subprocess.run(["node", HERE / "browser" / "measure.mjs", file.name], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"measuring {job['engine']} in Chromium failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def built_maildex(inputs, site, *, repeats, options=()):
    """Builds a site; its costs and its bytes by section."""
    command = [MAILDEX, "build", "--quiet", *inputs, "-o", site, "--title", "Measured", *options]
    built = median_run([run(command) for _ in range(repeats)])
    info = json.loads(subprocess.run([MAILDEX, "info", site, "--json"], capture_output=True, check=True).stdout)
    sections = {section["name"]: section["bytes"] for section in info["sections"]}
    index = sum(sections.get(name, 0) for name in ("front", "dictionary", "lists", "positions", "columns"))
    return {"build": built, "messages": info["messages"], "sections": sections, "index_bytes": index,
            "archive_bytes": info["bytes"] - sections.get("html", 0), "files": info["files"]}


def chromium_maildex(site, queries, steps=("newest", "relevance", "warm", "whole")):
    """Bytes, rounds, requests and warm latency of a site in Chromium."""
    result = in_chromium({"engine": "maildex", "site": site, "bindgen": BINDGEN, "queries": queries,
                          "passes": PASSES, "steps": list(steps)})
    told = {"browser": result["browser"], "opening": result["opening"]}
    for sort in ("newest", "relevance"):
        if sort in result:
            fields = ["bytes", "rounds", "requests"]
            if sort == "newest":
                fields += ["snippet_bytes", "snippet_rounds", "total_bytes"]
            told[sort] = {field: by_kind(result[sort], field) for field in fields}
        if f"warm_{sort}" in result:
            told[f"warm_{sort}"] = {field: by_kind(result[f"warm_{sort}"], field) for field in ("asked", "engine")}
    if "newest" in result:
        told["hits"] = hits(result["newest"])
        told["queries"] = result["newest"]
    if "whole" in result:
        told["whole"] = {field: by_kind(result["whole"], field) for field in ("bytes", "next_bytes", "requests")}
    return told


def asked_for(site, queries):
    """The bytes that the engine asks for, without what is read besides to save requests."""
    with query_file(queries) as file:
        rows = run([NATIVE, "cold", site, file])["printed"]["queries"]
    return {field: by_kind(rows, field) for field in ("bytes", "texts")}


def hits(rows):
    """How many messages the queries of each kind find in all: engines that answer the same question agree."""
    sums = {}
    for row in rows:
        sums[row["kind"]] = sums.get(row["kind"], 0) + row["hits"]
    return sums


def native(queries, folders, rounds):
    """Warm latency on one thread of maildex and tantivy by turns, so that a busy machine is busy for both."""
    commands = {"maildex": NATIVE, "tantivy": TANTIVY}
    runs = {name: [] for name in folders}
    with query_file(queries) as file:
        for _ in range(rounds):
            for name, folder in folders.items():
                runs[name].append(run([commands[name], "warm", folder, file, PASSES])["printed"]["queries"])
    told = {}
    for name, turns in runs.items():
        merged = [turn[0] | {order: [ms for row in turn for ms in row[order]] for order in ("newest", "relevance")}
                  for turn in zip(*turns)]
        told[name] = {order: by_kind(merged, order) for order in ("newest", "relevance")} | {"hits": hits(merged)}
    return told


def query_file(queries):
    file = tempfile.NamedTemporaryFile("w", suffix=".json")
    json.dump(queries, file)
    file.flush()

    class Named:
        def __enter__(self):
            return file.name

        def __exit__(self, *_):
            file.close()

    return Named()


def instructions(queries, folders):
    """Instructions for a query of each kind by callgrind: the same at any load. Empty where there is no valgrind."""
    if not shutil.which("valgrind"):
        say("no valgrind: instructions are not counted")
        return {}
    commands = {"maildex": NATIVE, "tantivy": TANTIVY}
    told = {}
    with query_file(queries) as file, tempfile.TemporaryDirectory() as scratch:
        for name, folder in folders.items():
            out = Path(scratch) / name
            # Dumps take whole names only; of several whole names to collect in, only one would count.
            dumps = [f"--dump-after={name}_bench::measured_{order}" for order in ("newest", "relevance")]
            done = run(["valgrind", "--tool=callgrind", "--toggle-collect=*measured_*", *dumps,
                        f"--callgrind-out-file={out}", commands[name], "once", folder, file])
            counts = [dumped(Path(f"{out}.{number}")) for number in range(1, len(done["printed"]["runs"]) + 1)]
            told[name] = {}
            for part, count in zip(done["printed"]["runs"], counts):
                told[name].setdefault(part["order"], {})[part["kind"]] = count // part["queries"]
    return told


def dumped(file):
    """The instructions of one dump."""
    totals = re.search(r"^(?:summary|totals): (\d+)", file.read_text(), re.MULTILINE)
    return int(totals[1])


def tantivy(docs, folder, queries, *, repeats):
    """tantivy's index without and with the bodies stored."""
    told = {}
    for name, options in (("stored", ["--stored"]), ("index", [])):
        runs = [run([TANTIVY, "build", docs, folder / name, *options]) for _ in range(repeats)]
        told[name] = median_run(runs)
    parts = told["index"]["printed"]["parts"]
    told["index_bytes"] = sum(parts.get(kind, 0) for kind in ("term", "idx", "pos", "fieldnorm", "fast"))
    with query_file(queries) as file:
        cold = run([TANTIVY, "cold", folder / "index", file])["printed"]
    told["cold"] = {"opening": cold["opening"], "bytes": by_kind(cold["queries"], "bytes"),
                    "reads": by_kind(cold["queries"], "reads"), "lines": by_kind(cold["queries"], "lines")}
    return told


def pagefind(docs, folder, queries):
    out = folder / "pagefind"
    built = run(["node", peer_script(), "pagefind", docs, out])
    sizes = [path.stat().st_size for path in out.rglob("*") if path.is_file()]
    asked = in_chromium({"engine": "pagefind", "folder": out, "queries": queries, "passes": PASSES})
    return {"build": built, "all_bytes": sum(sizes), "files": len(sizes), "opening": asked["opening"],
            **{field: by_kind(asked["queries"], field) for field in ("bytes", "requests", "lines_bytes")},
            "index_bytes": sum(path.stat().st_size for path in out.rglob("*.pf_index")),
            "asked": by_kind(asked["warm"], "asked"), "hits": hits(asked["warm"])}


def minisearch(docs, folder, queries):
    index = folder / "minisearch.json"
    built = run(["node", "--max-old-space-size=7800", peer_script(), "minisearch", docs, index])
    library = PEERS / "node_modules" / "minisearch" / "dist" / "es"
    asked = in_chromium({"engine": "minisearch", "index": index, "library": library, "queries": queries,
                         "passes": PASSES})
    return {"build": built, "all_bytes": index.stat().st_size, "opening": asked["opening"], "load_ms": asked["load_ms"],
            "asked": by_kind(asked["queries"], "asked"), "hits": hits(asked["queries"])}


def fts5(docs, folder, queries):
    database = folder / "fts5.db"
    built = run(["python3", HERE / "peers" / "fts5.py", docs, database, PAGE_SIZE])
    httpvfs = PEERS / "node_modules" / "sql.js-httpvfs" / "dist"
    asked = in_chromium({"engine": "fts5", "database": database, "httpvfs": httpvfs, "pageSize": PAGE_SIZE,
                         "queries": queries})
    return {"build": built, "all_bytes": database.stat().st_size, "opening": asked["opening"],
            **{field: by_kind(asked["queries"], field) for field in ("bytes", "requests")}}


def peer_script():
    """The script that builds peers, copied to where node finds their packages."""
    return shutil.copy(HERE / "peers" / "build.mjs", PEERS)
