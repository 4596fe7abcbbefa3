#!/usr/bin/env python3
"""Compares the sample's jar with the published SDK's echo agent, each as a process, in one run.

    ./mvnw verify                   # builds the jar and the peers' environment in sample-app/target/python
    benchmarks/processes.py         # about six minutes; --long adds the growth of history and peers

Both agents answer the same load generator (sample-app/src/test/python/load.py): a relay and people whose side is the
SDK's native runtime, on the same machine, one message in flight per conversation. The agents take turns, so that a
machine that gets faster or slower does so for both. Ratios are of medians.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PEERS = ROOT / "sample-app" / "src" / "test" / "python"
PYTHON = ROOT / "sample-app" / "target" / "python" / "bin" / "python"


def jar():
    jars = sorted((ROOT / "sample-app" / "target").glob("sample-app-*.jar"))
    if not jars or not PYTHON.exists():
        sys.exit("There is no sample jar or no target/python: run './mvnw verify' with CPython 3.12 first.")
    return jars[-1]


def load(agent, *arguments):
    """One run of the generator: the last line of its output is the result."""
    # The agent's start-up log must not stand between the figures.
    with tempfile.TemporaryDirectory(dir=ROOT / "benchmarks" / "target") as directory:
        run = subprocess.run([PYTHON, PEERS / "load.py", "--agent", agent, *map(str, arguments)],
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True,
                             env={**os.environ, "TMPDIR": directory})
    return json.loads(run.stdout.strip().splitlines()[-1])


def compare(title, agents, turns, ours, theirs):
    runs = {"ours": [], "SDK": []}
    for _ in range(turns):
        runs["ours"].append(load(agents["ours"], *ours))
        runs["SDK"].append(load(agents["SDK"], *theirs))
    print(f"\n{title} ({turns} turns)")
    rows = [("echoes/s", lambda r: r["per_second"]), ("latency p50, ms", lambda r: r["latency_ms"]["p50"]),
            ("latency p99, ms", lambda r: r["latency_ms"]["p99"]), ("agent CPU, us/echo", lambda r: r["agent_cpu_us"]),
            ("written, bytes/echo", lambda r: r["agent_disk_bytes"]), ("RSS, MB", lambda r: r["agent_rss_mb"]),
            ("start to connected, s", lambda r: r["connect_seconds"])]
    for name, figure in rows:
        values = {who: sorted(figure(run) for run in results) for who, results in runs.items()}
        medians = {who: statistics.median(results) for who, results in values.items()}
        ratio = medians["ours"] / medians["SDK"] if medians["SDK"] else float("nan")
        print(f"  {name:22} ours {span(values['ours'])}   SDK {span(values['SDK'])}   ours/SDK {ratio:.2f}", flush=True)


def span(values):
    return f"{values[0]:.4g} / {statistics.median(values):.4g} / {values[-1]:.4g}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--long", action="store_true", help="also 0 to 100,000 messages and 1 to 1,000 peers")
    parser.add_argument("--warmup", type=int, default=30_000, help="echoes before ours is measured, for the JIT")
    options = parser.parse_args()
    (ROOT / "benchmarks" / "target").mkdir(exist_ok=True)
    agents = {"ours": f"java -jar {jar()}", "SDK": f"{PYTHON} {PEERS / 'sdk_echo_agent.py'}"}
    print("minimum / median / maximum")
    # The SDK slows down with each message that it has accepted: it is measured near its best.
    compare("32 conversations in flight", agents, options.turns,
            ["--conversations", 32, "--rounds", 10_000, "--warmup", options.warmup],
            ["--conversations", 32, "--rounds", 300, "--warmup", 32])
    compare("1 conversation in flight", agents, options.turns,
            ["--conversations", 1, "--rounds", 2_000, "--warmup", 4_000],
            ["--conversations", 1, "--rounds", 300, "--warmup", 32])
    if options.long:
        print("\nHistory, ours: ", json.dumps(load(agents["ours"], "--history", 100_000, "--block", 10_000,
                                                     "--conversations", 32, "--budget", 600)))
        print("\nHistory, SDK: ", json.dumps(load(agents["SDK"], "--history", 3_000, "--block", 500, "--budget", 200)))
        print("\nPeers, ours: ", json.dumps(load(agents["ours"], "--peers", "1,10,100,1000", "--warmup", 4_000)))


if __name__ == "__main__":
    main()
