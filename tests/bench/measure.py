"""What a command costs: CPU seconds, wall seconds and peak memory of it and its children; and statistics."""

import json
import os
import signal
import subprocess
import tempfile
import time

TICK = os.sysconf("SC_CLK_TCK")
MOST_MEMORY = 8 << 30
"""A command beyond it is ended and reported so: Pagefind has taken 7.9 GB."""
MOST_CPU = 1800
"""Seconds."""


class Failed(Exception):
    """A command that did not come to its end."""


def run(command, *, env=None, cwd=None):
    """Runs a command; returns what it printed last, as JSON if it is, and its costs."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = subprocess.Popen([str(word) for word in command], stdout=out, stderr=err, env=env, cwd=cwd,
                                 start_new_session=True)
        try:
            status, usage, peak, cpu = watch(child)
        except BaseException:
            os.killpg(child.pid, signal.SIGKILL)
            raise
        wall = time.monotonic() - began
        out.seek(0)
        err.seek(0)
        lines = out.read().decode("utf-8", "replace").strip().splitlines()
        said = err.read().decode("utf-8", "replace").strip().splitlines()
    if status != 0:
        reason = status if isinstance(status, str) else f"exit {status}"
        raise Failed(f"{command[0]} {command[1]}: {reason}: {' | '.join((said or lines)[-3:])}")
    return {
        "cpu_s": round(max(usage.ru_utime + usage.ru_stime, cpu), 2),
        "wall_s": round(wall, 2),
        "peak_bytes": peak,
        "printed": parse(lines[-1]) if lines else None,
    }


def parse(line):
    try:
        return json.loads(line)
    except ValueError:
        return line


def watch(child):
    """Waits for a child, adding up what its process tree holds.

    The kernel's own peak of a child (`ru_maxrss`) is no use here: it begins with what this process held at the fork.
    """
    peak, cpu = 0, {}
    while True:
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            child.returncode = os.waitstatus_to_exitcode(status)
            return child.returncode, usage, peak, sum(cpu.values()) / TICK
        held = 0
        for process in tree(child.pid):
            try:
                now, most = held_by(process)
                held, peak = held + now, max(peak, most)
                with open(f"/proc/{process}/stat") as file:
                    fields = file.read().rsplit(")", 1)[1].split()
                cpu[process] = int(fields[11]) + int(fields[12])
            except (OSError, IndexError, ValueError):
                continue
        peak = max(peak, held)
        over = None
        if held > MOST_MEMORY:
            over = f"ended at {MOST_MEMORY >> 30} GiB of memory"
        elif sum(cpu.values()) / TICK > MOST_CPU:
            over = f"ended after {MOST_CPU} CPU seconds"
        if over:
            os.killpg(child.pid, signal.SIGKILL)
            _, _, usage = os.wait4(child.pid, 0)
            child.returncode = -signal.SIGKILL
            return over, usage, peak, sum(cpu.values()) / TICK
        time.sleep(0.02)


def held_by(process):
    """Bytes of memory that a process holds, and the most that it has held since its program began."""
    with open(f"/proc/{process}/status") as file:
        rows = dict(line.split(":", 1) for line in file)
    return [int(rows.get(name, "0").split()[0]) * 1024 for name in ("VmRSS", "VmHWM")]


def tree(root):
    """A process and all below it."""
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat") as file:
                    parent = int(file.read().rsplit(")", 1)[1].split()[1])
                children.setdefault(parent, []).append(int(name))
            except (OSError, IndexError):
                continue
    open_, all_ = [root], []
    while open_:
        process = open_.pop()
        all_.append(process)
        open_ += children.get(process, [])
    return all_


def median(values):
    values = sorted(values)
    return values[len(values) // 2]


def spread(values):
    """The middle, the 95th of a hundred, and the last."""
    values = sorted(values)
    if not values:
        return None
    return {"p50": values[len(values) // 2], "p95": values[min(len(values) - 1, len(values) * 95 // 100)],
            "max": values[-1], "n": len(values)}


def by_kind(rows, field):
    """The spread of a field of queries, over all and for each kind; a list in a row counts as its median."""
    def of(some):
        values = [row[field] for row in some if row.get(field) is not None]
        return spread([median(v) if isinstance(v, list) else v for v in values])

    kinds = dict.fromkeys(row["kind"] for row in rows)
    told = {"all": of(rows)} | {kind: of([row for row in rows if row["kind"] == kind]) for kind in kinds}
    return {kind: row for kind, row in told.items() if row}


def median_run(runs):
    """Of several runs of one command the medians of their costs, with what the last one printed."""
    return {name: median([run[name] for run in runs]) for name in ("cpu_s", "wall_s", "peak_bytes")} | {
        "runs": len(runs), "printed": runs[-1]["printed"]}
