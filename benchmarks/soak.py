#!/usr/bin/env python3
"""Keeps the sample's jar under full load in a small heap, and shows what it takes and whether that grows.

    ./mvnw verify                                   # builds the jar and the peers' environment
    benchmarks/soak.py                              # ten minutes of 32 conversations, -Xmx128m
    benchmarks/soak.py --people 10000 --heap 256m   # so many people, each with a session, one after the other

The load is sample-app/src/test/python/load.py: each answer is decrypted and compared, and the run ends with the first
that is wrong or missing.
"""

import argparse
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

from processes import PEERS, PYTHON, ROOT, jar


def child(pid):
    """The agent, which the generator starts."""
    while True:
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if children:
            return int(children[0])
        time.sleep(0.1)


def megabytes(size):
    return f"{size / 1e6:.1f}"


def heap(pid):
    """What is used now, with what no collection has taken yet."""
    lines = subprocess.run(["jcmd", str(pid), "GC.heap_info"], capture_output=True, text=True).stdout.splitlines()
    used = [part.split()[0] for line in lines if "total" in line and "Metaspace" not in line and "class" not in line
            for part in [line.rpartition("used ")[2]]]  # fmt: skip
    if not used:
        raise ProcessLookupError(pid)
    return megabytes(sum(int(size.rstrip("K,")) * 1024 for size in used))


def sample(pid, store):
    status = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines())
    files = {path.suffix: path.stat().st_size for path in store.glob("*/*/agent.db*")}
    database = sum(size for suffix, size in files.items() if suffix == ".db")
    log = sum(size for suffix, size in files.items() if suffix == ".db-wal")
    return [
        megabytes(int(status["VmRSS"].split()[0]) * 1024), heap(pid), status["Threads"].strip(),
        str(len(os.listdir(f"/proc/{pid}/fd"))), megabytes(database), megabytes(log),
    ]  # fmt: skip


def watch(pid, store, samples):
    """All the time: after the last echo the agent is killed at once."""
    while True:
        with contextlib.suppress(KeyError, OSError):  # not there yet, or gone
            samples.append(sample(pid, store))
        time.sleep(3)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--heap", default="128m")
    parser.add_argument("--people", type=int, help="instead of time: up to so many people, in five steps")
    parser.add_argument("--jar", type=pathlib.Path, help="instead of the jar in sample-app/target")
    options = parser.parse_args()
    agent = f"java -Xmx{options.heap} -jar {options.jar or jar()}"
    if options.people:
        step = options.people // 5
        steps = ",".join(str(step * at) for at in range(1, 6))
        load = ["--peers", steps, "--warmup", 0, "--rounds", 1000]
    else:
        load = ["--history", 10**9, "--block", 1000, "--budget", options.minutes * 60]
    (ROOT / "benchmarks" / "target").mkdir(exist_ok=True)
    print(f"{agent.replace(str(ROOT), '.')}\n")
    print("| Minutes | Echoes | People | Echoes per second | RSS, MB | Heap, MB | Threads | File handles | Database, MB"
          " | Its log, MB |\n|---|---|---|---|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "benchmarks" / "target") as directory:
        generator = subprocess.Popen(
            [PYTHON, PEERS / "load.py", "--agent", agent, "--conversations", "32", *map(str, load)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, "TMPDIR": directory},
        )  # fmt: skip
        pid, began, echoes, shown, last = child(generator.pid), time.monotonic(), 0, 0.0, None
        samples = [[""] * 6]
        threading.Thread(target=watch, args=[pid, pathlib.Path(directory), samples], daemon=True).start()
        for line in generator.stdout:
            block = json.loads(line)
            if "round_trips" not in block:
                last = block
                continue
            echoes += block["round_trips"] + (block["peers"] if options.people else 0)
            minutes = (time.monotonic() - began) / 60
            if options.people or minutes >= shown:
                figures = samples[-1]
                people = block.get("peers", 32)
                print(f"| {minutes:.1f} | {echoes} | {people} | {block['per_second']:.0f} | {' | '.join(figures)} |",
                      flush=True)  # fmt: skip
                shown += options.minutes / 10
        if generator.wait() or not last or last.get("event"):
            sys.exit("The load ended early: an answer was missing or wrong, or the agent has gone.")


if __name__ == "__main__":
    main()
