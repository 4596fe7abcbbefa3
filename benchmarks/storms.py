#!/usr/bin/env python3
"""What comes to the relay and to the database when many agents connect at once: a simulation, with the pauses of the client.

    benchmarks/storms.py                      # the tables of docs/scaling.md; about ten seconds
    benchmarks/storms.py --seed 2             # with other random numbers

Two storms: the relay restarts, and every agent has lost its connection at the same moment; and an instance dies, and its
agents are taken over by the others. The relay accepts so many connections a second, keeps so many waiting, and refuses
the rest; an attempt that waits for longer than the client does has failed. The pauses are those of Backoff.java: they
double from 500 ms to 30 s, and half of each is random.
"""

import argparse
import heapq
import random

MIN_BACKOFF, MAX_BACKOFF, CONNECT_TIMEOUT = 0.5, 30.0, 10.0
BACKLOG = 1024
LEASE, CHECK = 5.0, 1.0


def pause(attempts, random):
    return min(MAX_BACKOFF, MIN_BACKOFF * 2**attempts) * (0.5 + random.random() / 2)


class Relay:
    """Serves attempts one after the other, in the order in which they come."""

    def __init__(self, rate):
        self.rate, self.free_at = rate, 0.0

    def accept(self, now):
        """When the attempt is served, or None if it is refused or given up."""
        begin = max(now, self.free_at)
        if (begin - now) * self.rate > BACKLOG:
            return None
        self.free_at = begin + 1 / self.rate
        # One that was given up has cost its place all the same.
        return self.free_at if self.free_at - now <= CONNECT_TIMEOUT else None


def connect(starts, rate, random):
    """All agents connect, each from its start on. Returns the times of attempts and of connections."""
    relay, attempts, connected = Relay(rate), [], []
    queue = [(start, number, 0) for number, start in enumerate(starts)]
    heapq.heapify(queue)
    while queue:
        now, number, failed = heapq.heappop(queue)
        attempts.append(now)
        served = relay.accept(now)
        if served is None:
            heapq.heappush(queue, (now + pause(failed + 1, random), number, failed + 1))
        else:
            connected.append(served)
    return attempts, sorted(connected)


def relay_restarts(agents, random):
    return [pause(0, random) for _ in range(agents)]


def instance_dies(agents, survivors, opening, random):
    """Each survivor opens the stores of its share one after the other, once the lock is free."""
    starts, noticed = [], LEASE + random.random() * CHECK
    for survivor in range(survivors):
        begin = noticed + random.random() * CHECK
        share = agents // survivors + (survivor < agents % survivors)
        starts += [begin + (number + 1) * opening for number in range(share)]
    return starts


def most_in_a_second(times):
    counts = {}
    for time in times:
        counts[int(time)] = counts.get(int(time), 0) + 1
    return max(counts.values())


def over_time(times, seconds):
    counts = [0] * seconds
    for time in times:
        if time < seconds:
            counts[int(time)] += 1
    return " ".join(str(count) for count in counts)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--opening", type=float, default=0.025, help="seconds to open a store and make a client")
    parser.add_argument("--commits", type=int, default=4, help="transactions of a start")
    options = parser.parse_args()
    print("| storm | agents | relay accepts a second | attempts a second, at most | attempts of an agent |"
          " half connected after, s | all, s | commits a second, at most |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|")
    series = []
    for agents in 1_000, 10_000:
        for rate in 200, 1_000:
            for storm in "the relay restarts", "an instance dies, one is left", "an instance dies, nine are left":
                generator = random.Random(f"{options.seed} {storm} {agents} {rate}")
                if storm == "the relay restarts":
                    starts, commits = relay_restarts(agents, generator), 0
                else:
                    survivors = 1 if "one" in storm.split() else 9
                    starts = instance_dies(agents, survivors, options.opening, generator)
                    commits = options.commits * most_in_a_second(starts)
                attempts, connected = connect(starts, rate, generator)
                print(f"| {storm} | {agents:,} | {rate:,} | {most_in_a_second(attempts):,} | {len(attempts) / agents:.1f} |"
                      f" {connected[len(connected) // 2]:.1f} | {connected[-1]:.1f} | {commits:,} |")  # fmt: skip
                series.append((f"{storm}, {agents:,} agents, {rate:,} a second", attempts))
    print("\nAttempts in each of the first 20 seconds:\n")
    for name, attempts in series:
        print(f"- {name}: {over_time(attempts, 20)}")


if __name__ == "__main__":
    main()
