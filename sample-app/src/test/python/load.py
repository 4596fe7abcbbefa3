"""Load for benchmarks: relay and people (native runtime) in one process, one message in flight per conversation.

With --agent the agent is started here, configured by the documented environment variables; otherwise the first line of
output says where an agent has to connect. The last line of output is the result, one JSON object.

  load.py --agent "python sdk_echo_agent.py" --conversations 32 --rounds 5000     rate and latency
  load.py --agent "..." --history 20000 --block 1000                              rate per block of accepted messages
  load.py --agent "..." --peers 1,10,100,1000                                     rate by number of peers

--turn M: people read their replies M at a time, so the ratchet turns every M messages. 1 is a true ping-pong, where
the native runtime costs people about as much as it costs the agent; with 20 this process needs about half the time.
Every reply is decrypted and compared. `ceiling` is what this process could do at most on a core of its own; it means
something only when the process was busy (a slow agent leaves its caches cold): measure it with bare_agent.py.
Latency runs from the write of a frame to the arrival of its reply, without the people's own encryption.
"""

import argparse
import asyncio
import contextlib
import gc
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

from person import Person
from relay import Relay


class Slot:
    """One conversation in flight, going round among its people."""

    def __init__(self):
        self.people, self.at = [], 0

    def next(self):
        self.at += 1
        return self.people[self.at % len(self.people)]


class Load:
    def __init__(self, options):
        self.options = options
        self.relay = Relay(self.on_message, self.on_event)
        self.agent = self.relay.add_agent("agent-1", "token-1")
        self.people, self.by_user, self.slots = [], {}, []
        self.text = "x" * options.size
        self.expected = "Received: " + self.text
        self.left = self.open = 0
        self.latencies, self.failure = [], None
        self.connected, self.done = asyncio.Event(), asyncio.Event()
        self.process, self.connect_seconds = None, None

    # people

    async def grow(self, count):
        while len(self.people) < count:
            number = len(self.people)
            person = Person(f"p{number}", self.agent.id, f"user-{number}", f"conv-{number}", "device-1")
            person.meet(self.agent.take_bundle())
            person.unread, person.met_agent = [], False  # the first reply is read at once
            self.people.append(person)
            self.by_user[person.user_id] = person
            await asyncio.sleep(0)  # thousands take long, and the agent wants its pings answered
        self.slots = [Slot() for _ in range(min(self.options.conversations, count))]
        for number, person in enumerate(self.people):
            person.slot = self.slots[number % len(self.slots)]
            person.slot.people.append(person)

    def send(self, person):
        person.sent += 1
        person.awaited = f"{person.name}-{person.sent}"
        frame = person.frame(person.awaited, person.encrypt(self.text))
        self.open += 1
        self.left -= 1
        person.since = time.perf_counter()
        self.agent.queue(person.awaited, frame, (person.user_id, person.conversation_id))

    def on_message(self, agent, message, raw):
        now = time.perf_counter()
        person = self.by_user[message["to"]]
        if message["reply_to_message_id"] != person.awaited or message["to_device_id"] != "device-1":
            return self.fail(f"unexpected reply for {person.name}")
        self.latencies.append(now - person.since)
        person.unread.append(message["payload_b64"])
        if len(person.unread) >= self.options.turn or not person.met_agent:
            person.met_agent = True
            if any(person.decrypt(payload) != self.expected for payload in person.unread):
                return self.fail(f"wrong reply for {person.name}")
            person.unread.clear()
        self.open -= 1
        if self.left > 0:
            self.send(person.slot.next())
        elif not self.open:
            self.done.set()

    def on_event(self, kind, **_):
        if kind == "connected":
            self.connected.set()
        elif kind == "disconnected":
            self.fail("the agent has gone")
        elif kind == "ack" and not self.agent.unacked:
            self.done.set()

    def fail(self, why):
        self.failure = why
        self.done.set()

    # runs

    async def rounds(self, count):
        """Makes `count` round trips, and says how it went."""
        self.left, self.open, self.latencies = count, 0, []
        before, usage = self.agent_usage(), time.process_time()
        began = time.perf_counter()
        for slot in self.slots[:count]:
            self.send(slot.next())
        await self.until(lambda: not self.left and not self.open)
        seconds = time.perf_counter() - began
        await self.until(lambda: not self.agent.unacked)
        cpu, after = time.process_time() - usage, self.agent_usage()
        ordered = sorted(self.latencies)
        at = lambda share: round(ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000, 3)  # noqa: E731
        result = {
            "round_trips": count, "seconds": round(seconds, 3), "per_second": round(count / seconds, 1),
            "latency_ms": {"p50": at(0.5), "p90": at(0.9), "p99": at(0.99), "max": at(1)},
            "generator_cpu_us": round(cpu / count * 1e6, 1), "ceiling": round(count / cpu),
        }  # fmt: skip
        if after:
            result |= {
                "agent_cpu_us": round((after["cpu"] - before["cpu"]) / count * 1e6, 1),
                "agent_disk_bytes": round((after["disk"] - before["disk"]) / count),
                "agent_rss_mb": round(after["rss"] / 1e6, 1),
            }
        return result

    async def until(self, condition):
        while not condition() and not self.failure:
            self.done.clear()
            await asyncio.wait_for(self.done.wait(), self.options.timeout)
        if self.failure or self.relay.violations:
            raise RuntimeError(self.failure or f"violations: {self.relay.violations[:5]}")

    def agent_usage(self):
        pid = self.process.pid if self.process else self.options.pid
        if not pid or not os.path.exists(f"/proc/{pid}/stat"):
            return None
        fields = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()
        counters = dict(line.split(": ") for line in open(f"/proc/{pid}/io").read().splitlines())
        return {
            "cpu": (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"),
            "rss": int(fields[21]) * os.sysconf("SC_PAGE_SIZE"),
            "disk": int(counters["write_bytes"]),
        }  # fmt: skip

    async def run(self):
        options = self.options
        await self.relay.start(options.port)
        base = f"127.0.0.1:{self.relay.port}"
        configuration = {
            "PACERELLE_AGENT_ID": self.agent.id, "PACERELLE_AGENT_TOKEN": self.agent.token,
            "PACERELLE_BASE_URL": f"http://{base}", "PACERELLE_WS_URL": f"ws://{base}",
        }  # fmt: skip
        store = tempfile.mkdtemp(prefix="pacerelle-load-")
        try:
            print(json.dumps({"event": "listening", **configuration}), flush=True)
            began = time.perf_counter()
            if options.agent:
                proxy = {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
                self.process = subprocess.Popen(
                    shlex.split(options.agent), stdout=sys.stderr,
                    env={**os.environ, **proxy, **configuration, "PACERELLE_STORE_ROOT": store},
                )  # fmt: skip
            await asyncio.wait_for(self.connected.wait(), options.timeout)
            self.connect_seconds = round(time.perf_counter() - began, 3)
            result = await self.measure()
            facts = {"turn": options.turn, "size": options.size, "connect_seconds": self.connect_seconds}
            print(json.dumps({**facts, **result}))
        finally:
            if self.process:
                if options.stop:
                    self.process.terminate()
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        self.process.wait(60)
                self.process.kill()
                self.process.wait()
            shutil.rmtree(store, ignore_errors=True)

    async def measure(self):
        options = self.options
        gc.disable()
        if options.peers:
            blocks = []
            for peers in map(int, options.peers.split(",")):
                await self.grow(peers)
                await self.rounds(max(peers, options.warmup))
                blocks.append({"peers": peers, **await self.rounds(options.rounds)})
                print(json.dumps(blocks[-1]), flush=True)
            return {"mode": "peers", "conversations": options.conversations, "blocks": blocks}
        await self.grow(options.conversations)
        accepted = max(options.warmup, options.conversations)
        await self.rounds(accepted)
        if not options.history:
            return {"mode": "rate", "conversations": options.conversations, **await self.rounds(options.rounds)}
        blocks, began = [], time.perf_counter()
        while accepted < options.history and time.perf_counter() - began < options.budget:
            count = min(options.block, options.history - accepted)
            block = await self.rounds(count)
            blocks.append({"accepted_before": accepted, **block})
            accepted += count
            print(json.dumps(blocks[-1]), flush=True)
        return {"mode": "history", "conversations": options.conversations, "accepted": accepted, "blocks": blocks}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agent", help="command that starts the agent")
    parser.add_argument("--pid", type=int, help="process to measure when the agent is started elsewhere")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--conversations", type=int, default=32, help="conversations in flight")
    parser.add_argument("--rounds", type=int, default=5000)
    parser.add_argument("--warmup", type=int, default=500)
    parser.add_argument("--size", type=int, default=40, help="characters of a message")
    parser.add_argument("--turn", type=int, default=1)
    parser.add_argument("--history", type=int, default=0, help="accepted messages to reach")
    parser.add_argument("--block", type=int, default=1000)
    parser.add_argument("--budget", type=float, default=1e9, help="seconds until a history run ends")
    parser.add_argument("--peers", help="numbers of peers, for example 1,10,100")
    parser.add_argument("--stop", action="store_true", help="ask the agent to end, instead of killing it")
    parser.add_argument("--timeout", type=float, default=120, help="seconds without progress that end the run")
    asyncio.run(Load(parser.parse_args()).run())


if __name__ == "__main__":
    main()
