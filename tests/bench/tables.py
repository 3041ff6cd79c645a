"""The results as Markdown. Bytes are in powers of 1000; p50/p95 are the middle and the 95th of a hundred queries."""

from scale import LATE

KINDS = ["common", "rare", "and2", "phrase", "prefix"]
PEERS = {"tantivy": "tantivy", "minisearch": "MiniSearch", "fts5": "SQLite FTS5 over Range", "pagefind": "Pagefind"}


def render(results):
    out = []
    for name, rows in results.get("mail", {}).items():
        out += [f"### {name}", "", *mail(rows), ""]
    if results.get("scale"):
        out += ["### Growth", "", *growth(results["scale"]), ""]
    versions = ", ".join(f"{name} {version}" for name, version in sorted(results.get("versions", {}).items()))
    return "\n".join([*out, machine(results.get("machine")), "", f"Versions: {versions}.", ""])


def machine(of):
    if not of:
        return ""
    return (f"Machine: {of['cpu']}, {of['cores']} cores, {of['memory_bytes'] / 2**30:.0f} GiB, {of['system']}; "
            f"{of['date']}; load average {of['load']} at the start.")


def mail(rows):
    """The tables of one mailbox; a part that was not measured is left out."""
    source = rows.get("input", {})
    out = [f"{source['raw_bytes'] / 1e6:.1f} MB of raw mail, {source['body_bytes'] / 1e6:.1f} MB of text.", ""]
    if "maildex" in rows:
        out += [*goals(rows), ""]
    if "chromium" in rows:
        out += [*wire(rows), ""]
    if "native" in rows:
        out += [*latency(rows), ""]
    if "maildex" in rows:
        out += [*building(rows), "", *sections(rows["maildex"])]
    return out


def table(head, lines):
    return ["| " + " | ".join(head) + " |", "|" + "---|" * len(head),
            *("| " + " | ".join("-" if cell is None else str(cell) for cell in line) + " |" for line in lines)]


def kb(n):
    return None if n is None else f"{n / 1e3:,.0f} KB" if n >= 10_000 else f"{n / 1e3:.1f} KB"


def mb(n):
    return None if n is None else f"{n / 1e6:,.1f} MB"


def pair(spread, unit=1, digits=None):
    """p50/p95."""
    if not spread:
        return None
    values = [spread["p50"] / unit, spread["p95"] / unit]
    if digits is None:
        digits = 0 if max(values) >= 20 else 1
    return "/".join(f"{value:.{digits}f}" for value in values)


def ms(spread):
    return pair(spread, digits=3 if spread and spread["p95"] < 10 else 1)


class Goal:
    """A figure with what it is to reach."""

    def __init__(self, what, found, goal, shown, wanted):
        self.what, self.found, self.goal, self.shown, self.wanted = what, found, goal, shown, wanted

    def line(self):
        over = max((f / g for f, g in zip(self.found, self.goal)), default=0)
        return [self.what, self.shown, self.wanted, "yes" if over <= 1 else f"no: {over:.2f} times"]


def goals(rows):
    return table(["figure", "maildex", "to reach", "reached"], [goal.line() for goal in all_goals(rows)])


def all_goals(rows):
    yield from wire_goals(rows.get("chromium"))
    if "tantivy" in rows.get("native", {}):
        yield from native_goals(rows)
    maildex, raw = rows["maildex"], rows["input"]["raw_bytes"]
    if "tantivy" in rows:
        share = maildex["index_bytes"] / rows["tantivy"]["index_bytes"]
        yield Goal("index bytes, of tantivy's", [share], [0.8], f"{share:.2f}", "0.8")
    # What tells whether an original is the one that was read belongs to the originals, which the goal leaves out.
    whole, sums = maildex["archive_bytes"] / raw, maildex["sections"].get("originals", 0) / raw
    yield Goal("whole archive without HTML and originals, of the raw mail", [whole - sums], [0.46],
               f"{whole - sums:.3f} ({whole:.3f} with the originals' SHA-256)", "0.46")
    if "tantivy" in rows:
        share = maildex["build"]["cpu_s"] / rows["tantivy"]["stored"]["cpu_s"]
        yield Goal("CPU of the build, of tantivy's with bodies stored", [share], [1.5], f"{share:.2f}", "1.5")
    peak = maildex["build"]["peak_bytes"]
    yield Goal("peak memory of the build", [peak], [400e6], mb(peak), "400 MB")


def spread_goal(what, spread, goal, unit, name):
    found = [spread["p50"] / unit, spread["p95"] / unit]
    return Goal(what, found, goal, f"{pair(spread, unit)} {name}", f"{goal[0]:g}/{goal[1]:g} {name}")


def wire_goals(chromium):
    if not chromium:
        return
    opening, newest, whole = chromium["opening"]["bytes"], chromium["newest"], chromium["whole"]
    yield Goal("wire bytes before the first query", [opening], [200e3], kb(opening), "200 KB")
    yield spread_goal("wire bytes of a cold query with 20 lines", newest["bytes"]["all"], (25, 60), 1e3, "KB")
    yield spread_goal("marked snippets of ten lines", newest["snippet_bytes"]["all"], (60, 120), 1e3, "KB")
    for field, most in (("rounds", 3), ("requests", 12)):
        found = newest[field]["all"]["p95"]
        yield Goal(f"{field} of a cold query, p95", [found], [most], found, most)
    first, further = whole["bytes"]["all"]["p95"], whole["next_bytes"]["all"]["p50"]
    yield Goal("without Range, first query, p95", [first], [1.2e6], kb(first), "1,200 KB")
    yield Goal("without Range, further query, p50", [further], [300e3], kb(further), "300 KB")
    for name, goal in (("newest", (0.5, 3)), ("relevance", (1, 6))):
        found = chromium[f"warm_{name}"]["asked"]["all"]
        yield Goal(f"warm query in Chromium, {name}, message to the worker included",
                   [found["p50"], found["p95"]], goal, f"{ms(found)} ms", f"{goal[0]}/{goal[1]} ms")


def native_goals(rows):
    own, other = rows["native"]["maildex"], rows["native"]["tantivy"]
    counted = rows.get("instructions") or {}
    for sort in ("newest", "relevance"):
        for kind in KINDS:
            share = own[sort][kind]["p50"] / other[sort][kind]["p50"]
            found, shown = [share], f"{share:.2f}"
            if counted.get("tantivy"):
                by_count = counted["maildex"][sort][kind] / counted["tantivy"][sort][kind]
                # Instructions are the same at any load, so they decide.
                found, shown = [by_count], f"{by_count:.2f} (time, p50: {share:.2f})"
            what = f"warm native query, {sort}, {kind}: instructions of tantivy's"
            yield Goal(what, found, [1], shown, "1")


def wire(rows):
    """Bytes, rounds and requests in Chromium by kind of query."""
    newest, whole, lines = rows["chromium"]["newest"], rows["chromium"]["whole"], []
    asked = rows.get("asked_for", {})
    for name, spread, unit in (
        ("maildex: wire, 20 lines, KB", newest["bytes"], 1e3),
        ("maildex: of these asked for by the engine, KB", asked.get("bytes"), 1e3),
        ("maildex: wire by relevance, KB", rows["chromium"]["relevance"]["bytes"], 1e3),
        ("maildex: snippets of ten, KB", newest["snippet_bytes"], 1e3),
        ("maildex: of these asked for by the engine, KB", asked.get("texts"), 1e3),
        ("maildex: exact total besides, KB", newest["total_bytes"], 1e3),
        ("maildex: rounds", newest["rounds"], 1),
        ("maildex: requests", newest["requests"], 1),
        ("maildex: without Range, first, KB", whole["bytes"], 1e3),
        ("Pagefind (a third of the queries): wire, KB", rows.get("pagefind", {}).get("bytes"), 1e3),
        ("Pagefind: data of ten, KB", rows.get("pagefind", {}).get("lines_bytes"), 1e3),
        ("Pagefind: requests", rows.get("pagefind", {}).get("requests"), 1),
        ("FTS5 over Range (a third of the queries): wire, 20 lines, KB", rows.get("fts5", {}).get("bytes"), 1e3),
        ("FTS5 over Range: requests, one after another", rows.get("fts5", {}).get("requests"), 1),
        ("tantivy: bytes read, ten ids, KB", rows.get("tantivy", {}).get("cold", {}).get("bytes"), 1e3),
    ):
        if spread:
            lines.append([name, *(pair(spread.get(kind), unit) for kind in ["all", *KINDS])])
    opening = [f"{file['path'].rsplit('/', 1)[-1].split('-')[0]} {kb(file['bytes'])}"
               for file in rows["chromium"]["opening"]["files"]]
    told = [f"maildex {kb(rows['chromium']['opening']['bytes'])} ({', '.join(opening)})"]
    for peer, name in PEERS.items():
        found = rows.get(peer, {}).get("opening") or rows.get(peer, {}).get("cold", {}).get("opening")
        if found:
            told.append(f"{name} {kb(found['bytes'])}")
    return ["Before the first query, on the wire: " + "; ".join(told) + ".", "",
            *table(["cold, p50/p95", "all", *KINDS], lines)]


def latency(rows):
    lines = []
    for sort in ("newest", "relevance"):
        for name, own in rows["native"].items():
            lines.append([f"{name}, native, {sort}", *(ms(own[sort].get(kind)) for kind in ["all", *KINDS])])
    chromium = rows.get("chromium", {})
    for sort in ("newest", "relevance"):
        for what, name in (("asked", "with the message to the worker"), ("engine", "the engine's call alone")):
            spread = chromium.get(f"warm_{sort}", {}).get(what, {})
            lines.append([f"maildex, Chromium, {sort}, {name}", *(ms(spread.get(k)) for k in ["all", *KINDS])])
    for peer, name in PEERS.items():
        spread = rows.get(peer, {}).get("asked")
        if spread:
            lines.append([f"{name}, Chromium", *(ms(spread.get(kind)) for kind in ["all", *KINDS])])
    out = table(["warm, ms, p50/p95", "all", *KINDS], lines)
    counted = rows.get("instructions")
    if counted:
        lines = [[f"{name}, {sort}", *(f"{of[sort][kind]:,}" for kind in KINDS)]
                 for sort in ("newest", "relevance") for name, of in counted.items()]
        out += ["", *table(["instructions a query (callgrind)", *KINDS], lines)]
    found = {name: of["hits"] for name, of in rows["native"].items()}
    found |= {name: rows[peer]["hits"] for peer, name in PEERS.items() if "hits" in rows.get(peer, {})}
    lines = [[name, *(of.get(kind) for kind in KINDS)] for name, of in found.items()]
    return [*out, "", *table(["messages found, sum of 40 queries", *KINDS], lines)]


def building(rows):
    def line(name, of, index, whole):
        build = of["build"]
        return [name, build["cpu_s"], build["wall_s"], mb(build["peak_bytes"]), mb(index), mb(whole)]

    own = rows["maildex"]
    lines = [line("maildex, from raw mail, texts kept", own, own["index_bytes"], own["archive_bytes"])]
    if "tantivy" in rows:
        found = rows["tantivy"]
        for name, part in (("tantivy, from JSON", "index"), ("tantivy, from JSON, bodies kept (zstd)", "stored")):
            lines.append(line(name, {"build": found[part]}, found["index_bytes"], found[part]["printed"]["bytes"]))
    for peer, name in PEERS.items():
        found = rows.get(peer, {})
        if "failed" in found:
            lines.append([f"{name}: {found['failed']}", *[None] * 5])
        elif peer != "tantivy" and found:
            lines.append(line(f"{name}, from JSON", found, found.get("index_bytes"), found["all_bytes"]))
    return table(["build", "CPU s", "wall s", "peak memory", "index", "all files"], lines)


def sections(maildex):
    ordered = sorted(maildex["sections"].items(), key=lambda row: -row[1])
    return ["Sections of maildex: " + ", ".join(f"{name} {mb(n)}" for name, n in ordered) + "."]


def manifest_bytes(row):
    return sum(file["bytes"] for file in row["chromium"]["opening"]["files"] if file["path"] == "/manifest.json")


def growth(rows):
    ordered = [rows[name] for name in sorted(rows, key=int)]
    kinds = [kind for kind in ordered[0]["chromium"]["newest"]["bytes"] if kind != "all"]
    lines = [
        ["raw mail", *(mb(row["raw_bytes"]) for row in ordered)],
        ["build, CPU ms a message",
         *(f"{row['maildex']['build']['cpu_s'] * 1e3 / row['messages']:.2f}" for row in ordered)],
        ["build, wall s", *(row["maildex"]["build"]["wall_s"] for row in ordered)],
        ["build, peak memory (`--memory 1G`)", *(mb(row["maildex"]["build"]["peak_bytes"]) for row in ordered)],
        ["archive without HTML, of raw", *(f"{row['maildex']['archive_bytes'] / row['raw_bytes']:.3f}" for row in ordered)],
        ["wire before the first query", *(kb(row["chromium"]["opening"]["bytes"]) for row in ordered)],
        ["of these the manifest", *(kb(manifest_bytes(row)) for row in ordered)],
    ]
    for kind in kinds:
        words = f"word in {kind} messages" if kind.isdigit() else kind
        for field, unit, name in (("bytes", 1e3, "wire, KB"), ("requests", 1, "requests"), ("rounds", 1, "rounds"),
                                  ("total_bytes", 1e3, "KB of its exact total")):
            cells = [pair(row["chromium"]["newest"][field].get(kind), unit) for row in ordered]
            lines.append([f"{words}: {name}", *cells])
        native = [ms(row["native"]["newest"].get(kind)) for row in ordered]
        lines.append([f"{words}: warm native, ms", *native])
        lines.append([f"{words}: warm in Chromium, ms",
                      *(ms(row["chromium"]["warm_newest"]["asked"].get(kind)) for row in ordered)])
    costs = (("CPU s", lambda own: own["cpu_s"]), ("wall s", lambda own: own["wall_s"]),
             ("peak memory", lambda own: mb(own["peak_bytes"])), ("says", lambda own: own["printed"]))
    for step, what in (("added", f"adding {LATE:,} messages"), ("merged", "making one part again")):
        steps = [row.get(step) for row in ordered]
        lines += [[f"{what}: {name}", *(cell(own) if own else "-" for own in steps)] for name, cell in costs]
    return table(["p50/p95", *(f"{row['messages']:,}" for row in ordered)], lines)
