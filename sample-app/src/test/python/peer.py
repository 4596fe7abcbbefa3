"""Relay and people in one process, driven by JSON lines: requests on stdin, answers and events on stdout.

A request is {"cmd": name, "id": anything, ...}; its answer is {"re": id, "ok": true, ...} or
{"re": id, "ok": false, "error": text}. Requests run in the order of the lines; only `wait` lets later ones overtake.
Events are {"event": name, ...}: published, one_time, connected, disconnected, ack, ping, reply, resent, error and
stray. The commands, each a method `do_<cmd>` below (README.md has arguments and examples):

  start wait stats bundle acks shutdown                             the relay, and watching it
  add_person alias re_initiate restart                              people
  send deliver encrypt run                                          messages, with loss, duplicates and disorder
  replies check resent errors                                       what came back
  inject identity_changed forget ignore_acks                        hostile or repeated frames
  disconnect half_open mute_pongs refuse down up                    a hostile network
  group_keys blobs put_blob                                         answers of the HTTP side
  add_group rotate_group distribute group_send group_copy group_replies    groups, see groups.py
  open_history seal_history                                         archives, see groups.py

The end of stdin is shutdown.
"""

import asyncio
import base64
import hashlib
import inspect
import json
import random
import sys
from collections import Counter

from groups import GroupCommands
from person import Person, SignalRuntimeError, emoji_text
from relay import BINARY, TEXT, Relay, encode_frame


class Peer(GroupCommands):
    def __init__(self, write):
        super().__init__()
        self.write = write
        self.relay = Relay(self.on_message, self.on_event)
        self.agent = None
        self.quiet, self.restart_every = set(), 0
        self.persons, self.addresses = {}, {}
        self.frames = {}  # message id -> frame, delivered or not
        self.sent = {}  # message id -> {"person", "text", "order", "expected"}
        self.orders = Counter()  # conversation -> messages delivered for the first time
        self.seen = {}  # id of an agent's message -> digest of its frame
        self.replies, self.resent, self.errors, self.strays = [], [], [], []
        self.answered = set()
        self.runs, self.waiters, self.tasks = {}, [], set()
        self.stopped = asyncio.Event()

    # starting and watching

    async def do_start(self, agent_id="agent-1", token="token-1", port=0, quiet=("ping",), restart_every=0):
        if self.agent:
            raise ValueError("started already")
        self.quiet, self.restart_every = set(quiet), restart_every
        self.agent = self.relay.add_agent(agent_id, token)
        await self.relay.start(port)
        base = f"127.0.0.1:{self.relay.port}"
        return {
            "port": self.relay.port, "base_url": f"http://{base}", "ws_url": f"ws://{base}",
            "agent_id": agent_id, "token": token,
        }  # fmt: skip

    async def do_wait(self, timeout=30, **conditions):
        """Until all conditions hold: replies, answered, acks, resent, errors, connections, uploads, one_time, pings
        (at least so many), unacked (at most so many), connected (exactly), run (all runs are over)."""
        unknown = set(conditions) - {*self._counts(), "unacked", "connected", "run", "one_time"}
        if unknown:
            raise ValueError(f"unknown conditions {sorted(unknown)}")
        future = asyncio.get_running_loop().create_future()
        self.waiters.append((conditions, future))
        self._poke()
        try:
            await asyncio.wait_for(future, timeout)
        except TimeoutError:
            raise TimeoutError(f"not within {timeout} s: {conditions}, but {self.do_stats()}") from None
        finally:
            self.waiters = [waiter for waiter in self.waiters if waiter[1] is not future]
        return self._counts()

    def _counts(self):
        stats = self.agent.stats
        return {
            "replies": len(self.replies), "answered": len(self.answered), "acks": stats["acks"],
            "resent": len(self.resent), "errors": len(self.errors), "connections": stats["connections"],
            "uploads": stats["bundle_uploads"], "pings": stats["pings"],
        }  # fmt: skip

    def _holds(self, conditions):
        counts = self._counts()
        for name, value in conditions.items():
            if name == "unacked":
                good = len(self.agent.unacked) <= value
            elif name == "connected":
                good = (self.agent.connection is not None) == value
            elif name == "run":
                good = not self.runs
            elif name == "one_time":
                good = len(self.agent.one_time) >= value
            else:
                good = counts[name] >= value
            if not good:
                return False
        return True

    def _poke(self):
        for conditions, future in self.waiters:
            if not future.done() and self._holds(conditions):
                future.set_result(None)

    def _event(self, kind, **data):
        if kind not in self.quiet and "all" not in self.quiet:
            self.write({"event": kind, **data})
        self._poke()

    def on_event(self, kind, **data):
        self._event(kind, **data)

    def do_stats(self):
        agent = self.agent
        identity = base64.b64decode(agent.bundle["identity_key"]) if agent.bundle else None
        code = hashlib.sha256(identity).hexdigest().upper() if identity else ""
        return {
            **self._counts(),
            "connected": agent.connection is not None,
            "open_connections": sum(not connection.deaf for connection in self.relay.open),
            "one_time_uploads": agent.stats["one_time_uploads"], "one_time": len(agent.one_time),
            "unacked": list(agent.unacked), "frames": agent.stats["frames"], "pongs": agent.stats["pongs"],
            "repeated_acks": sum(count - 1 for count in agent.acked.values()),
            "requests": dict(self.relay.requests), "violations": self.relay.violations, "strays": len(self.strays),
            "verification_code": " ".join(code[at : at + 4] for at in range(0, len(code), 4)),
        }  # fmt: skip

    def do_bundle(self):
        return {"bundle": self.agent.bundle, "one_time_prekeys": self.agent.one_time}

    def do_acks(self):
        return {"acks": dict(self.agent.acked)}

    # people

    def do_add_person(self, name, user_id=None, conversation_id=None, device_id=None, meet=False, one_time=True):
        if name in self.persons:
            raise ValueError(f"{name} is there already")
        person = Person(
            name, self.agent.id, user_id or name, conversation_id or f"conv-{name}", device_id, self.restart_every
        )
        self.persons[name] = person
        self.addresses.setdefault(person.address, []).append(person)
        if meet:
            person.meet(self.agent.take_bundle(one_time))
        return {"user_id": person.user_id, "conversation_id": person.conversation_id, "device_id": device_id}

    def do_alias(self, person, device_id=None):
        """Replies to this device id of the same user and conversation are this person's, too."""
        person = self.persons[person]
        self.addresses.setdefault((person.user_id, person.conversation_id, device_id), []).append(person)

    def do_re_initiate(self, person, one_time=True):
        self.persons[person].meet(self.agent.take_bundle(one_time))

    def do_restart(self, persons=None):
        for name in persons or self.persons:
            self.persons[name].restart()

    def do_encrypt(self, person, text):
        """Only the payload, for frames and group key envelopes made by hand."""
        return {"payload_b64": self._encrypt(self.persons[person], text)}

    def _encrypt(self, person, text):
        if not person.met:
            person.meet(self.agent.take_bundle())
        return person.encrypt(text)

    # sending

    def do_send(
        self, person, text="{n}", count=1, size=None, message_id=None, hold=False, flip=False, envelope=None,
        expected=None, answer=None, loss=0.0, duplicate=0.0, shuffle=0, seed=0, frames=False,
    ):  # fmt: skip
        person = self.persons[person]
        ids = []
        for _ in range(count):
            person.sent += 1
            number = person.sent
            chosen = message_id if message_id and count == 1 else f"{message_id or person.name}-{number}"
            body = emoji_text(size, f"{seed}/{chosen}") if size is not None else text.replace("{n}", str(number))
            self._prepare(person, chosen, body, envelope or {}, flip)
            if expected is not None:
                self.sent[chosen]["expected"] = expected
            self.sent[chosen]["answer"] = answer
            ids.append(chosen)
        order, dropped = self._network(ids, loss, duplicate, shuffle, random.Random(seed))
        if not hold:
            self.do_deliver(order)
        answer = {"ids": ids, "dropped": dropped}
        if frames:
            answer["frames"] = [self.frames[each] for each in ids]
        return answer

    def _prepare(self, person, message_id, text, envelope, flip):
        envelope = dict(envelope)
        payload = envelope.pop("payload_b64", None)
        foreign = payload is not None or flip
        if payload is None:
            payload = self._encrypt(person, text)
        if flip:
            data = bytearray(base64.b64decode(payload))
            data[len(data) // 2] ^= 1
            payload = base64.b64encode(data).decode()
        self.frames[message_id] = person.frame(message_id, payload, **envelope)
        self.sent[message_id] = {
            "person": person.name, "text": text, "order": None,
            "expected": not foreign,
        }  # fmt: skip

    @staticmethod
    def _network(ids, loss, duplicate, shuffle, draw):
        kept, dropped = [], []
        for each in ids:
            (dropped if loss and draw.random() < loss else kept).append(each)
        order = [each for each in kept for _ in range(2 if duplicate and draw.random() < duplicate else 1)]
        if shuffle:
            keyed = sorted((at + draw.uniform(0, shuffle), at) for at in range(len(order)))
            order = [order[at] for _, at in keyed]
        return order, dropped

    def do_deliver(self, ids):
        """Delivers prepared frames in this order, each as often as it stands there."""
        for message_id in ids:
            note = self.sent[message_id]
            person = self.persons[note["person"]]
            if note["order"] is None:
                conversation = person.conversation_id
                self.orders[conversation] += 1
                note["order"] = self.orders[conversation]
            self.agent.queue(message_id, self.frames[message_id], (person.user_id, person.conversation_id))

    def do_run(self, persons=None, count=100, in_flight=1, size=None, seed=0):
        """Lets people chat: each sends its next message when one of its `in_flight` ones is answered."""
        for name in persons or list(self.persons):
            run = self.runs[name] = {"left": count, "open": set(), "size": size, "seed": seed}
            for _ in range(min(in_flight, count)):
                self._run_next(name, run)

    def _run_next(self, name, run):
        run["left"] -= 1
        ids = self.do_send(name, size=run["size"], seed=run["seed"], hold=True)["ids"]
        run["open"].update(ids)
        self.do_deliver(ids)

    # what comes back

    def on_message(self, agent, message, raw):
        digest = hashlib.sha256(raw).hexdigest()
        known = self.seen.get(message["id"])
        reply_to = message.get("reply_to_message_id")
        if known:
            if known == digest:
                self.resent.append(message["id"])
                self._event("resent", message_id=message["id"], reply_to=reply_to)
            else:
                self._error(message, "the same id with other content")
            return
        self.seen[message["id"]] = digest
        if message["to"].startswith("group:"):
            self.on_group_message(message)
            return
        address = message["to"], message["conversation_id"], message.get("to_device_id")
        people = self.addresses.get(address)
        if not people:
            self.strays.append(message)
            self._event("stray", envelope=message)
            return
        if message["encrypted"] is not True:
            self._error(message, "not encrypted")
            return
        for person in people:
            try:
                text = person.decrypt(message["payload_b64"])
                break
            except (SignalRuntimeError, ValueError) as error:
                failure = error
        else:
            self._error(message, f"{people[0].name} cannot decrypt: {failure}")
            return
        reply = {
            "person": person.name, "message_id": message["id"], "reply_to": reply_to,
            "to_device_id": message.get("to_device_id"), "text": text,
            "envelope": {name: value for name, value in message.items() if name != "payload_b64"},
        }  # fmt: skip
        self.replies.append(reply)
        if reply_to in self.sent:
            self.answered.add(reply_to)
        run = self.runs.get(person.name)
        if run and reply_to in run["open"]:
            run["open"].remove(reply_to)
            if run["left"]:
                self._run_next(person.name, run)
            elif not run["open"]:
                del self.runs[person.name]
        self._event("reply", **reply)

    def _error(self, message, what):
        error = {"error": what, "envelope": {name: value for name, value in message.items() if name != "payload_b64"}}
        self.errors.append(error)
        self._event("error", **error)

    def do_replies(self, person=None, since=0):
        found = [reply for reply in self.replies if person in (None, reply["person"])]
        return {"replies": found[since:], "total": len(found)}

    def do_resent(self):
        return {"resent": self.resent}

    def do_errors(self):
        return {"errors": self.errors, "strays": self.strays}

    def do_check(self, expect="Received: {text}", persons=None):
        """Whether each delivered message was answered once, rightly, to its person and in order. Resends are fine."""
        mine = {key: note for key, note in self.sent.items() if not persons or note["person"] in persons}
        wanted = {key for key, note in mine.items() if note["expected"] and note["order"]}
        count, wrong, late, last = Counter(), [], [], Counter()
        for reply in self.replies:
            key = reply["reply_to"]
            note = mine.get(key)
            if not note:
                if not persons:
                    wrong.append(reply["message_id"])
                continue
            count[key] += 1
            answer = note["answer"] if note["answer"] is not None else expect and expect.replace("{text}", note["text"])
            if reply["person"] != note["person"] or answer not in (None, reply["text"]):
                wrong.append(key)
            conversation = self.persons[note["person"]].conversation_id
            if note["order"] < last[conversation]:
                late.append(key)
            last[conversation] = max(last[conversation], note["order"])
        doubled = [key for key, times in count.items() if times > 1]
        missing = sorted(wanted - set(count), key=lambda key: (mine[key]["person"], mine[key]["order"]))
        unexpected = sorted(set(count) - wanted)
        faults = {
            "missing": missing, "unexpected": unexpected, "doubled": doubled, "wrong": wrong, "out_of_order": late,
            "errors": self.errors, "strays": self.strays, "violations": self.relay.violations,
        }  # fmt: skip
        short = {name: value[:20] for name, value in faults.items()}
        sizes = {name: len(value) for name, value in faults.items()}
        return {
            "clean": not any(sizes.values()), "wanted": len(wanted), "answered": len(wanted & set(count)),
            "resent": len(self.resent), "counts": sizes, **short,
        }  # fmt: skip

    # hostile frames and a hostile network

    def do_inject(
        self, text=None, frame=None, b64=None, raw_b64=None, kind=None, size=None, opcode=None, fragments=1, keep=False
    ):
        """One message to the agent's socket, as text, as JSON object, as bytes, as raw TCP bytes, or of a kind."""
        if kind:
            data, opcode = HOSTILE[kind](size), opcode or (BINARY if kind == "binary" else TEXT)
        elif raw_b64 is not None:
            self._connection().send_raw(base64.b64decode(raw_b64))
            return
        elif b64 is not None:
            data = base64.b64decode(b64)
        else:
            data = (text if text is not None else json.dumps(frame)).encode()
        if keep:  # stays in the mailbox until it is acknowledged, so it comes again after a reconnect
            self.agent.queue(frame["id"], data.decode())
            return
        step = -(-len(data) // fragments) or 1
        parts = [data[at : at + step] for at in range(0, len(data), step)] or [b""]
        for at, part in enumerate(parts):
            code = 0 if at else opcode or TEXT
            self._connection().send_raw(encode_frame(code, part, at == len(parts) - 1))

    def do_identity_changed(self, peer, key="user_id"):
        self.do_inject(frame={"type": "IDENTITY_CHANGED", key: peer})

    def do_forget(self, ids=None):
        """Takes frames out of the mailbox without an acknowledgement (all when no ids are given)."""
        for message_id in ids if ids is not None else list(self.agent.unacked):
            self.agent.unacked.pop(message_id, None)
        self._poke()

    def do_ignore_acks(self, on=True):
        self.relay.ignore_acks = on

    def do_disconnect(self, code=None, reason=""):
        """With a close code properly, without one by cutting the TCP connection."""
        connection = self._connection()
        connection.abort() if code is None else connection.close(code, reason)

    def do_half_open(self):
        """The present connection stays open, but nothing is read, answered or sent any more. A new one works."""
        connection = self._connection()
        connection.deaf = True
        self.agent.connection = None

    def do_mute_pongs(self, on=True):
        """Messages of the present connection are still handled, but pings are not answered."""
        self._connection().mute_pongs = on

    def do_refuse(self, status=None, close=None, times=None):
        """Refuses HTTP and upgrade with a status, or upgraded connections with a close code. Without both: no more."""
        refusal = {"status": status, "close": close, "times": times}
        refusal = {name: value for name, value in refusal.items() if value is not None}
        self.relay.refusal = refusal if status or close else None

    async def do_down(self):
        self.relay.stop()

    async def do_up(self):
        await self.relay.start()

    def do_group_keys(self, keys):
        self.relay.group_keys = keys

    def do_blobs(self):
        return {"blobs": {key: base64.b64encode(data).decode() for key, data in self.relay.blobs.items()}}

    def do_put_blob(self, blob_id, b64):
        self.relay.blobs[blob_id] = base64.b64decode(b64)

    def do_shutdown(self):
        self.relay.stop()
        self.stopped.set()

    def _connection(self):
        if not self.agent.connection:
            raise ConnectionError("the agent is not connected")
        return self.agent.connection

    # the lines

    async def serve(self, reader):
        while not self.stopped.is_set() and (line := await reader.readline()):
            try:
                request = json.loads(line)
                key, name = request.pop("id", None), request.pop("cmd", None)
            except (ValueError, AttributeError, TypeError) as error:
                self.write({"re": None, "ok": False, "error": f"{type(error).__name__}: {error}"})
                continue
            command = getattr(self, f"do_{name}", None)
            if not command:
                self.write({"re": key, "ok": False, "error": f"unknown command {name}"})
                continue
            if name == "wait":
                task = asyncio.ensure_future(self._answer(key, command, request))
                self.tasks.add(task)
                task.add_done_callback(self.tasks.discard)
            else:
                await self._answer(key, command, request)
        self.relay.stop()

    async def _answer(self, key, command, request):
        try:
            result = command(**request)
            if inspect.isawaitable(result):
                result = await result
            self.write({"re": key, "ok": True, **(result or {})})
        except Exception as error:
            self.write({"re": key, "ok": False, "error": f"{type(error).__name__}: {error}"})


HOSTILE = {
    "not_json": lambda size: b"{\"type\": \"MSG\", " + b"x" * (size or 10),
    "nested": lambda size: b"[" * (size or 100_000) + b"]" * (size or 100_000),
    "nested_member": lambda size: b'{"type":"MSG","id":"deep","x":' + b'{"a":' * (size or 100_000) + b"1"
    + b"}" * (size or 100_000) + b"}",
    "digits": lambda size: b'{"type":"MSG","id":' + b"9" * (size or 5_000) + b"}",
    "big": lambda size: b'{"type":"MSG","id":"big","x":"' + b"x" * (size or 20_000_000) + b'"}',
    "binary": lambda size: bytes(random.Random(1).randbytes(size or 1_000)),
    "bad_utf8": lambda size: b'{"type":"MSG","id":"' + b"\xff\xfe\xc3\x28" * (size or 1) + b'"}',
    "empty": lambda size: b"",
}  # fmt: skip


async def main():
    def write(value):
        sys.stdout.buffer.write(json.dumps(value).encode() + b"\n")
        sys.stdout.buffer.flush()

    reader = asyncio.StreamReader(limit=128 * 1024 * 1024)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await Peer(write).serve(reader)


if __name__ == "__main__":
    asyncio.run(main())
