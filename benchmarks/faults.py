#!/usr/bin/env python3
"""Runs the sample's jar through faults of process, network, disk and relay, and counts what became of the messages.

    ./mvnw verify                       # builds the jar and the peers' environment in sample-app/target/python
    benchmarks/faults.py                # some ten minutes; --kills 200 for the long run
    benchmarks/faults.py --only disk    # the faults whose name contains this
    benchmarks/faults.py --list

The relay is independent of this project, and the people are the SDK's native runtime (sample-app/src/test/python). Each
fault has an agent, a store and people of its own; four devices in three conversations write without waiting for
answers, and at the end each message must have been answered once, rightly and in order. What is random comes from
--seed, which the first line shows; the moment at which a fault hits also depends on the machine.

A full disk and a read-only store are file systems in memory, in a user namespace: without one (Linux only) these faults
are left out. The exit code is 1 when a message was lost or doubled, or when a fault did not show what it should.
"""

import argparse
import asyncio
import hashlib
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

from processes import PEERS, PYTHON, ROOT, jar

sys.path.insert(0, str(PEERS))
from selftest import Driver  # noqa: E402

PEOPLE = {
    "alice-phone": ("alice", "phone"), "alice-desk": ("alice", "desk"), "bob": ("bob", None), "carol": ("carol", "tab"),
}  # fmt: skip
SETTINGS = [
    "--pacerelle.reconnect.min-backoff=50ms", "--pacerelle.reconnect.max-backoff=500ms",
    "--pacerelle.ping-interval=1s", "--pacerelle.pong-timeout=3s",
]  # fmt: skip
NAMESPACE = "PACERELLE_FAULTS_NAMESPACE"
PATIENCE = 150


class Failure(Exception):
    """A fault did not show what it should."""


def expect(condition, what):
    if not condition:
        raise Failure(what)


def until(condition, what, seconds=PATIENCE):
    deadline = time.monotonic() + seconds
    while not condition():
        expect(time.monotonic() < deadline, f"not within {seconds} s: {what}")
        time.sleep(0.02)


class Agent:
    """The sample as a process. Its log goes through a pipe, so that no limit for files stops it."""

    def __init__(self, archive, access, store):
        self.command = ["java", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-jar", str(archive), *SETTINGS]
        self.environment = {
            "PATH": os.environ["PATH"], "PACERELLE_AGENT_ID": access["agent_id"],
            "PACERELLE_AGENT_TOKEN": access["token"], "PACERELLE_BASE_URL": access["base_url"],
            "PACERELLE_STORE_ROOT": str(store),
        }  # fmt: skip
        self.directory = store / access["agent_id"]
        self.database = self.directory / "agent.db"
        self.log, self.process = [], None

    def start(self):
        self.process = subprocess.Popen(
            self.command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        threading.Thread(target=self._read, args=[self.process.stdout], daemon=True).start()

    def _read(self, output):
        for line in output:
            self.log.append(line)

    def says(self, text, since=0):
        return any(text in line for line in self.log[since:])

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        """Politely: the log of the database is empty then."""
        self.process.terminate()
        self.process.wait(60)

    def refuses_to_start(self, reason):
        since = len(self.log)
        self.start()
        code = self.process.wait(120)
        until(lambda: self.says(reason, since), f"'{reason}' in the log", 10)
        expect(code != 0, "exit code 0")


class Proxy:
    """Stands between agent and relay, and does what a network can do to the bytes of TCP."""

    def __init__(self, port, draw):
        self.target, self.draw = port, draw
        self.delay, self.piece, self.double = 0.0, 0, 0
        self.links = set()
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.port = asyncio.run_coroutine_threadsafe(self._listen(), self.loop).result()

    async def _listen(self):
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return server.sockets[0].getsockname()[1]

    async def _accept(self, reader, writer):
        try:
            relay_reader, relay_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.close()
            return
        link = Link([writer, relay_writer])
        self.links.add(link)
        try:
            await asyncio.gather(
                self._pump(link, reader, relay_writer, False), self._pump(link, relay_reader, writer, True)
            )
        except OSError:
            pass
        finally:
            link.abort()
            self.links.discard(link)

    async def _pump(self, link, reader, writer, to_agent):
        while data := await reader.read(65536):
            if link.silent:
                await asyncio.Event().wait()
            if self.delay:
                await asyncio.sleep(self.draw.uniform(0, self.delay))
            if to_agent == link.cut_to_agent:
                if len(data) >= link.cut_after:
                    writer.write(data[: link.cut_after])
                    await writer.drain()
                    break
                link.cut_after -= len(data)
            if to_agent and self.double:
                self.double -= 1
                at = self.draw.randrange(len(data))
                data = data[:at] + data[at : at + 300] + data[at:]
            size = self.piece or len(data)
            for at in range(0, len(data), size):
                writer.write(data[at : at + size])
                await writer.drain()
        link.abort()

    def cut(self, after, to_agent):
        """Cuts each connection within the bytes that follow: what arrives is a part of a frame."""
        for link in list(self.links):
            link.cut_to_agent, link.cut_after = to_agent, after

    def silence(self):
        """The connections of now stay open, and nothing arrives any more on either side."""
        for link in list(self.links):
            link.silent = True


class Link:
    def __init__(self, writers):
        self.writers, self.silent, self.cut_to_agent, self.cut_after = writers, False, None, 0

    def abort(self):
        for writer in self.writers:
            writer.transport.abort()


class Run:
    """One fault: its relay, people, agent and store."""

    def __init__(self, fault, options, directory):
        self.draw = random.Random(f"{options.seed}/{fault.__name__}")
        self.kills, self.minutes, self.hits = options.kills, options.minutes, 0
        self.store = directory / "store"
        self.store.mkdir()
        self.peer = Driver()
        access = self.peer("start", quiet=["all"])
        self.proxy = Proxy(access["port"], self.draw)
        access["base_url"] = f"http://127.0.0.1:{self.proxy.port}"
        self.agent = Agent(options.jar, access, self.store)
        for name, (user, device) in PEOPLE.items():
            self.peer("add_person", name=name, user_id=user, conversation_id=f"conv-{user}", device_id=device)

    def begin(self):
        self.agent.start()
        self.wait(connected=True, one_time=1)

    def stats(self):
        return self.peer("stats")

    def wait(self, **conditions):
        try:
            return self.peer("wait", timeout=PATIENCE, **conditions)
        except AssertionError as error:
            raise Failure(str(error)) from None

    def write(self, count=10, **network):
        """Each person writes. Messages of many sizes, up to some that take several frames of TCP."""
        for name in PEOPLE:
            size = self.draw.choice([20, 200, 200, 2000])
            self.peer("send", person=name, count=count, size=size, seed=self.draw.random(), **network)

    def amid(self):
        """Some answers later."""
        before = self.stats()["replies"]
        self.write()
        self.wait(replies=before + self.draw.randint(1, 30))
        self.hits += 1

    def settle(self):
        self.wait(connected=True, unacked=0)

    def go_on(self):
        self.write(3)
        self.settle()

    def close(self):
        if self.agent.process:
            self.agent.kill()
        self.peer.process.kill()
        self.peer.process.wait()


FAULTS = []


def fault(title, mounted=False):
    def register(function):
        FAULTS.append((title, function, mounted))
        return function

    return register


@fault("process: `kill -9` at random points")
def kill(run):
    deadline = time.monotonic() + run.minutes * 60
    while run.hits < run.kills and time.monotonic() < deadline:
        stats, moment = run.stats(), run.draw.randrange(8)
        run.hits += 1
        run.write()
        if moment == 0:  # while it starts
            time.sleep(run.draw.uniform(0, 3))
        elif moment == 1 and run.hits > 1:
            run.wait(uploads=stats["uploads"] + 1)
        elif moment == 2 and run.hits > 1:
            run.wait(connections=stats["connections"] + 1)
        else:
            run.wait(replies=stats["replies"] + run.draw.randint(1, 30))
        run.agent.kill()
        run.agent.start()


@fault("process: stopped by SIGTERM at random points")
def stop(run):
    for _ in range(3):
        run.amid()
        run.agent.stop()
        run.agent.start()


@fault("network: cut within a frame, in either direction")
def cut(run):
    for _ in range(15):
        run.amid()
        before = run.stats()["connections"]
        run.proxy.cut(run.draw.randrange(1, 3000), run.draw.random() < 0.5)
        run.write()
        run.wait(connections=before + 1)


@fault("network: half-open, nothing arrives any more")
def half_open(run):
    for _ in range(4):
        run.amid()
        before = run.stats()["connections"]
        run.proxy.silence()
        run.write()
        run.wait(connections=before + 1)


@fault("network: each packet up to 200 ms late")
def delay(run):
    run.proxy.delay = 0.2
    for _ in range(4):
        run.amid()


@fault("network: frames in pieces of 1 to 7 bytes")
def pieces(run):
    for _ in range(4):
        run.proxy.piece = run.draw.randint(1, 7)
        run.amid()


@fault("network: bytes to the agent twice (TLS would refuse them)")
def double(run):
    for _ in range(10):
        run.amid()
        run.proxy.double = 1
        run.write()
    # What no frame could be made of comes again with the next connection.
    until(lambda: not run.proxy.double, "bytes to double")
    time.sleep(5)
    run.wait(connected=True)
    run.peer("disconnect")


@fault("disk: full", mounted=True)
def full_disk(run):
    ballast = run.store / "ballast"
    for _ in range(3):
        run.amid()
        with open(ballast, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass
        run.write()
        time.sleep(run.draw.uniform(2, 6))
        expect(run.stats()["unacked"], "a full disk keeps messages waiting")
        ballast.unlink()
        run.settle()


@fault("disk: refuses every write while the agent runs (`RLIMIT_FSIZE`)")
def refused_writes(run):
    for _ in range(3):
        run.amid()
        pid = run.agent.process.pid
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        run.write()
        time.sleep(run.draw.uniform(2, 6))
        expect(run.stats()["unacked"], "a disk that refuses writes keeps messages waiting")
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        run.settle()


@fault("disk: read-only when the agent starts", mounted=True)
def read_only(run):
    for polite in (True, False):
        run.amid()
        run.agent.stop() if polite else run.agent.kill()
        run.write()
        subprocess.run(["mount", "-o", "remount,ro", run.store], check=True)
        run.agent.refuses_to_start("make it writable")
        subprocess.run(["mount", "-o", "remount,rw", run.store], check=True)
        run.agent.start()


def digests(directory):
    return {path.name: hashlib.sha256(path.read_bytes()).digest() for path in directory.iterdir() if path.is_file()}


def pages_in_use(database):
    """All but the leaves of SQLite's list of free pages: what is in them has no meaning."""
    number = lambda at: int.from_bytes(database[at : at + 4], "big")  # noqa: E731
    free, trunk = set(), number(32)
    while trunk:
        start = 1024 * (trunk - 1)
        free |= {number(start + 8 + 4 * leaf) for leaf in range(number(start + 4))}
        trunk = number(start)
    return [page for page in range(1, len(database) // 1024 + 1) if page not in free]


@fault("disk: a page of the database overwritten, then the backup put back")
def corrupt_page(run):
    backup = run.store / "backup"
    for _ in range(4):
        run.amid()
        run.agent.stop()
        run.write()
        shutil.copytree(run.agent.directory, backup)
        page = run.draw.choice(pages_in_use(run.agent.database.read_bytes()))
        with open(run.agent.database, "r+b") as file:
            file.seek(1024 * (page - 1))
            file.write(run.draw.randbytes(1024))
        damaged = digests(run.agent.directory)
        run.agent.refuses_to_start("put a backup back")
        expect(digests(run.agent.directory) == damaged, "nothing is written to a damaged store")
        shutil.rmtree(run.agent.directory)
        backup.rename(run.agent.directory)
        run.agent.start()


@fault("disk: database locked by another process for 3 and 15 s")
def locked(run):
    for seconds in (3, 15):
        run.amid()
        other = sqlite3.connect(run.agent.database, timeout=10, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        run.write()
        time.sleep(seconds)
        expect(run.stats()["unacked"], "a locked database keeps messages waiting")
        other.execute("ROLLBACK")
        other.close()
        run.settle()


@fault("relay: forgets acknowledgements, and delivers everything again")
def forgets(run):
    run.peer("ignore_acks")
    for at in range(6):
        run.amid()
        before = run.stats()["connections"]
        if at == 3:
            run.agent.kill()
            run.agent.start()
        else:
            run.peer("disconnect")
        run.wait(connections=before + 1)
    run.peer("ignore_acks", on=False)
    run.peer("disconnect")


@fault("relay: answers no pings, so that frames are sent again")
def mutes(run):
    for _ in range(3):
        run.amid()
        before = run.stats()["connections"]
        run.peer("mute_pongs")
        run.write()
        run.wait(connections=before + 1)


@fault("relay: delivers twice and out of order")
def shuffles(run):
    for _ in range(6):
        run.hits += 1
        run.write(20, duplicate=0.3, shuffle=6)
        run.settle()


@fault("relay: delivers frames again that were accepted long ago")
def older(run):
    ids = []
    for _ in range(4):
        for name in PEOPLE:
            ids += run.peer("send", person=name, count=10, text="older {n}")["ids"]
        run.settle()
        again = run.draw.sample(ids, 20)
        run.hits += len(again)
        run.peer("deliver", ids=again)
        run.go_on()


@fault("relay: delivers a ciphertext again under another id")
def copies(run):
    copied = []
    for number in range(10):
        for name in PEOPLE:
            sent = run.peer("send", person=name, text=f"original {number}", frames=True)
            payload = json.loads(sent["frames"][0])["payload_b64"]
            if number % 2:
                run.wait(unacked=len(copied))
            copy = {"message_id": f"copy-{name}-{number}", "envelope": {"payload_b64": payload}}
            copied += run.peer("send", person=name, **copy)["ids"]
            run.hits += 1
    run.write()
    run.wait(unacked=len(copied))
    run.peer("forget", ids=copied)  # what is refused is never acknowledged


def row(run, title, failure, seconds):
    result = run.peer("check")
    counts = result["counts"]
    undecryptable = sum("cannot decrypt" in error["error"] for error in run.peer("errors")["errors"])
    others = sum(counts[name] for name in ("unexpected", "wrong", "strays", "violations"))
    others += counts["errors"] - undecryptable
    figures = [run.hits, result["wanted"], counts["missing"], counts["doubled"], undecryptable]
    figures += [counts["out_of_order"], others]
    print(f"| {title} | {' | '.join(map(str, figures))} | {seconds:.0f} |", flush=True)
    good = result["clean"] and not failure
    if not good:
        print(f"\n{title}: {failure or ''}\n{ {name: result[name][:5] for name in counts if counts[name]} }", file=sys.stderr)
        print("".join(line[:300].rstrip() + "\n" for line in run.agent.log[-20:]), file=sys.stderr, flush=True)
    return [*figures, good]


def campaign(options):
    print(f"seed {options.seed}, {options.kills} kills\n")
    print("| Fault | Times | Messages | Lost | Doubled | Undecryptable | Out of order | Otherwise wrong | Seconds |")
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    rows = []
    for title, function, mounted in FAULTS:
        if options.only and not any(part in title for part in options.only):
            continue
        if mounted and NAMESPACE not in os.environ:
            print(f"{title}: left out, no user namespace", file=sys.stderr)
            continue
        directory = pathlib.Path(tempfile.mkdtemp(dir=ROOT / "benchmarks" / "target"))
        began = time.monotonic()
        run = Run(function, options, directory)
        try:
            if mounted:
                subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "none", run.store], check=True)
            failure = None
            try:
                run.begin()
                function(run)
                run.go_on()
            except (Failure, AssertionError, subprocess.TimeoutExpired, OSError) as error:
                failure = error
            rows.append(row(run, title, failure, time.monotonic() - began))
        finally:
            run.close()
            if mounted:
                subprocess.run(["umount", run.store], check=True)
            shutil.rmtree(directory)
    totals = [sum(column) for column in zip(*rows)]
    print(f"| **all** | {' | '.join(map(str, totals[:-1]))} | |")
    return all(row[-1] for row in rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=1e9, help="no kill after so many")
    parser.add_argument("--seed", default=f"{random.SystemRandom().getrandbits(32):08x}")
    parser.add_argument("--only", nargs="+", help="parts of the faults' names")
    parser.add_argument("--jar", type=pathlib.Path, help="instead of the jar in sample-app/target")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    if options.list:
        print("\n".join(title for title, _, _ in FAULTS))
        return
    options.jar = options.jar or jar()
    if sys.prefix == sys.base_prefix:  # the peers need the environment's Python, and mounting needs a namespace
        namespace = ["unshare", "--map-root-user", "--mount"]
        if shutil.which("unshare") and subprocess.run([*namespace, "true"], capture_output=True).returncode == 0:
            os.environ[NAMESPACE] = "1"
        else:
            namespace = []
        os.execvp("env", ["env", *namespace, str(PYTHON), *sys.argv])
    (ROOT / "benchmarks" / "target").mkdir(exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(0 if campaign(options) else 1)


if __name__ == "__main__":
    main()
