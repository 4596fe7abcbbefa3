#!/usr/bin/env python3
"""How long the sample's jar takes from the start of its process to the connection, and how much memory it takes then.

    ./mvnw verify                                       # builds the jar and the peers' environment
    benchmarks/start.py --java /path/to/jdk-25          # with the AOT cache, which needs JDK 25

Each way of starting connects to the independent relay of sample-app/src/test/python and answers some messages of a
person on the SDK's native runtime; the ways take turns. One cache is trained by a run that answers messages, too, and one
by a run that ends before it connects, as the build of an image can do it.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import tempfile

from processes import ROOT, jar, load

# What an echo agent needs is small: few threads, no parallel collector, a small heap.
SMALL = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx32m -Xss512k -XX:ReservedCodeCacheSize=24m"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--java", type=pathlib.Path, help="home of the JDK; default: what 'java' is")
    parser.add_argument("--turns", type=int, default=7)
    options = parser.parse_args()
    java = str(options.java / "bin" / "java") if options.java else "java"
    version = int(subprocess.run([java, "-XshowSettings:properties", "-version"], capture_output=True, text=True)
                  .stderr.partition("java.specification.version = ")[2].split()[0])  # fmt: skip
    (ROOT / "benchmarks" / "target").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "benchmarks" / "target") as directory:
        app = pathlib.Path(directory) / "app"
        subprocess.run([java, "-Djarmode=tools", "-jar", jar(), "extract", "--destination", app], check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        extracted = f"-jar {app / jar().name}"
        ways = {
            "executable jar": f"-jar {jar()}",
            "extracted": extracted,
            "extracted, Spring AOT": f"-Dspring.aot.enabled=true {extracted}",
            "extracted, Spring AOT, small": f"{SMALL} -Dspring.aot.enabled=true {extracted}",
        }
        if version >= 25:
            cache = pathlib.Path(directory) / "app.aot"
            small = f"{SMALL} -Dspring.aot.enabled=true"
            load(f"{java} -XX:AOTCacheOutput={cache} {small} {extracted}", "--conversations", 2, "--rounds", 200,
                 "--stop")  # fmt: skip
            built = pathlib.Path(directory) / "built.aot"
            subprocess.run(f"{java} -XX:AOTCacheOutput={built} {small} -Dspring.context.exit=onRefresh {extracted}".split(),
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                           env={**os.environ, "PACERELLE_AGENT_ID": "nobody", "PACERELLE_AGENT_TOKEN": "none",
                                "PACERELLE_STORE_ROOT": directory})
            ways["extracted, AOT cache made without a relay, small"] = f"-XX:AOTCache={built} {small} {extracted}"
            ways["extracted, AOT cache"] = f"-XX:AOTCache={cache} -XX:+UseSerialGC -Dspring.aot.enabled=true {extracted}"
            ways["extracted, AOT cache, small"] = f"-XX:AOTCache={cache} {small} {extracted}"
            print(f"The cache has {cache.stat().st_size / 1e6:.0f} MB.\n")
        runs = {name: [] for name in ways}
        for _ in range(options.turns):
            for name, arguments in ways.items():
                runs[name].append(load(f"{java} {arguments}", "--conversations", 1, "--rounds", 50, "--warmup", 0))
    print(f"JDK {version}, {options.turns} turns: minimum, median and maximum\n\n| | start to connected, s | RSS, MB |\n|---|---|---|")
    for name, results in runs.items():
        print(f"| {name} | {span([run['connect_seconds'] for run in results])} | {span([run['agent_rss_mb'] for run in results])} |")


def span(values):
    return f"{min(values):.2f} / {statistics.median(values):.2f} / {max(values):.2f}"


if __name__ == "__main__":
    main()
