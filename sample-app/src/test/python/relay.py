"""A small relay that speaks the agent side of the Pacerelle gateway protocol, for tests.

Standard library only. One port serves HTTP and WebSocket; it listens on 127.0.0.1 alone.
What an agent sends is checked strictly: every departure from the protocol is noted in `violations`.
"""

import asyncio
import base64
import hashlib
import json
import re
import struct
from collections import Counter
from urllib.parse import parse_qs, unquote, urlsplit

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
MAX_MESSAGE = 64 * 1024 * 1024
UUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
BUNDLE_SIZES = {
    "identity_key": 33,
    "signed_prekey_public": 33,
    "signed_prekey_signature": 64,
    "kyber_prekey_public": 1569,
    "kyber_prekey_signature": 64,
}
BUNDLE_FIELDS = {
    *BUNDLE_SIZES, "registration_id", "device_id", "signed_prekey_id", "kyber_prekey_id", "protocol_features"
}  # fmt: skip
MSG_REQUIRED = {"type", "id", "conversation_id", "to", "payload_b64", "encrypted"}
MSG_FIELDS = MSG_REQUIRED | {"to_device_id", "reply_to_message_id", "attachments", "history_record"}
ACK_FIELDS = {"type", "to", "message_id", "conversation_id"}


class Violation(Exception):
    pass


def require(condition, what):
    if not condition:
        raise Violation(what)


def decoded_size(value):
    """The size of strict, padded Base64, or -1."""
    try:
        return len(base64.b64decode(value, validate=True))
    except (ValueError, TypeError):
        return -1


def encode_frame(opcode, payload, final=True):
    head = (0x80 if final else 0) | opcode
    size = len(payload)
    if size < 126:
        return struct.pack("!BB", head, size) + payload
    if size < 65536:
        return struct.pack("!BBH", head, 126, size) + payload
    return struct.pack("!BBQ", head, 127, size) + payload


def unmask(data, key):
    size = len(data)
    keys = (key * (size // 4 + 1))[:size]
    return (int.from_bytes(data, "little") ^ int.from_bytes(keys, "little")).to_bytes(size, "little")


class Agent:
    """What the relay keeps for one agent: its keys, its mailbox, its connection."""

    def __init__(self, agent_id, token):
        self.id, self.token = agent_id, token
        self.bundle, self.one_time, self.one_time_ids = None, [], set()
        self.unacked = {}  # message id -> frames, in the order of their arrival
        self.acked, self.routes = Counter(), {}
        self.connection = None
        self.stats = Counter()

    def queue(self, message_id, text, route=None):
        """Keeps a frame until it is acknowledged, and sends it when the agent is there.

        `route` is (user id, conversation id), which the acknowledgement must name.
        """
        if route:
            self.routes[message_id] = route
        frames = self.unacked.setdefault(message_id, [])
        if text not in frames:
            frames.append(text)
        self.push(text)

    def push(self, text):
        if self.connection:
            self.connection.send(TEXT, text.encode())

    def replay(self):
        for frames in list(self.unacked.values()):
            for text in frames:
                self.push(text)

    def take_bundle(self, one_time=True):
        """The bundle for a person. Each one-time prekey is handed out once; when none is left, none is in it."""
        if not self.bundle:
            raise LookupError("the agent has not published a bundle")
        key = self.one_time.pop(0) if one_time and self.one_time else {"prekey_id": None, "public_key": None}
        return {**self.bundle, "prekey_id": key["prekey_id"], "prekey_public": key["public_key"]}


class Connection:
    def __init__(self, agent, reader, writer):
        self.agent, self.reader, self.writer = agent, reader, writer
        self.deaf = self.mute_pongs = self.closing = False
        self.ended = asyncio.Event()
        self.close_code = None

    def send(self, opcode, payload, final=True):
        self.send_raw(encode_frame(opcode, payload, final))

    def send_raw(self, data):
        if not self.deaf and not self.closing and not self.writer.is_closing():
            self.writer.write(data)

    def close(self, code, reason=""):
        """Starts the closing handshake; a peer that does not answer within two seconds is cut off."""
        self.send(CLOSE, struct.pack("!H", code) + reason.encode())
        self.closing = True
        if self.agent.connection is self:
            self.agent.connection = None
        asyncio.get_running_loop().call_later(2, self.abort)

    def abort(self):
        self.writer.transport.abort()
        self.ended.set()

    async def read_frame(self):
        head = await self.reader.readexactly(6)  # two bytes, then a mask or the start of a longer length
        first, second = head[0], head[1]
        if first & 0x70:
            raise Violation("reserved bits in a frame")
        if not second & 0x80:
            raise Violation("a frame without mask")
        size = second & 0x7F
        if size == 126:
            (size,) = struct.unpack("!H", head[2:4])
            head += await self.reader.readexactly(2)
        elif size == 127:
            head += await self.reader.readexactly(8)
            (size,) = struct.unpack("!Q", head[2:10])
        if size > MAX_MESSAGE:
            raise Violation("a frame over the limit")
        data = await self.reader.readexactly(size)
        return bool(first & 0x80), first & 0x0F, unmask(data, head[-4:])


class Relay:
    """`on_message(agent, message, raw)` gets each MSG of an agent, `on_event(kind, **data)` the rest."""

    def __init__(self, on_message=lambda *_: None, on_event=lambda *_, **__: None):
        self.on_message, self.on_event = on_message, on_event
        self.agents = {}  # by token
        self.port, self.server = 0, None
        self.refusal = None  # {"status": 401} or {"close": 4401}, perhaps with "times"
        self.ignore_acks = False
        self.blobs, self.group_keys = {}, []
        self.requests, self.violations = Counter(), []
        self.open = set()

    def add_agent(self, agent_id, token):
        agent = self.agents[token] = Agent(agent_id, token)
        return agent

    async def start(self, port=0):
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", port or self.port, limit=1 << 20)
        self.port = self.server.sockets[0].getsockname()[1]

    def stop(self):
        """Closes the port and cuts all connections. `start` opens the same port again."""
        if self.server:
            self.server.close()
            self.server = None
        for connection in list(self.open):
            connection.abort()

    def note(self, what):
        self.violations.append(str(what))

    # HTTP

    async def _serve(self, reader, writer):
        try:
            while await self._request(reader, writer):
                pass
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass
        except Violation as violation:
            self.note(violation)
        finally:
            writer.close()

    async def _request(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ")
        headers = {}
        for line in filter(None, head[1:]):
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        if "100-continue" in headers.get("expect", "").lower():
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = await self._body(reader, headers)
        url = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        self.requests[f"{method} {url.path}"] += 1
        refusal = self._refusal()
        if url.path == "/ws/agent":
            agent = self.agents.get(query.get("token", ""))
            if not agent or (refusal and "status" in refusal):
                self._respond(writer, refusal["status"] if refusal and agent else 401, {"error": "refused"})
                return True
            if method != "GET" or headers.get("upgrade", "").lower() != "websocket":
                self._respond(writer, 426, {"error": "a WebSocket is spoken here"})
                return True
            await self._websocket(agent, headers, reader, writer, refusal)
            return False
        if not headers.get("user-agent"):
            self.note(f"{method} {url.path} without User-Agent")
        scheme, _, token = headers.get("authorization", "").partition(" ")
        agent = self.agents.get(token) if scheme.lower() == "bearer" else None
        if not agent:
            status, answer = 401, {"error": "unauthorized"}
        elif refusal and "status" in refusal:
            status, answer = refusal["status"], {"error": "refused"}
        else:
            try:
                status, answer = self._answer(agent, method, url.path, query, headers, body)
            except (Violation, ValueError, KeyError, TypeError, AttributeError) as error:
                self.note(f"{method} {url.path}: {error!r}")
                status, answer = 400, {"error": str(error)}
        self._respond(writer, status, answer)
        await writer.drain()
        return headers.get("connection", "").lower() != "close"

    def _refusal(self):
        refusal = self.refusal
        if refusal and "times" in refusal:
            refusal["times"] -= 1
            if refusal["times"] <= 0:
                self.refusal = None
        return refusal

    @staticmethod
    async def _body(reader, headers):
        if headers.get("transfer-encoding", "").lower() != "chunked":
            return await reader.readexactly(int(headers.get("content-length", 0)))
        chunks = []
        while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
            chunks.append(await reader.readexactly(size))
            await reader.readexactly(2)
        while await reader.readuntil(b"\r\n") != b"\r\n":
            pass
        return b"".join(chunks)

    @staticmethod
    def _respond(writer, status, answer):
        if isinstance(answer, bytes):
            kind = "application/octet-stream"
        else:
            kind, answer = "application/json", json.dumps(answer).encode() if answer is not None else b""
        head = f"HTTP/1.1 {status} -\r\nContent-Type: {kind}\r\nContent-Length: {len(answer)}\r\n\r\n"
        writer.write(head.encode() + answer)

    def _answer(self, agent, method, path, query, headers, body):
        match method, path:
            case "PUT", "/agent/prekey-bundle":
                agent.bundle = self._bundle(json.loads(body))
                agent.stats["bundle_uploads"] += 1
                self.on_event("published", agent=agent.id)
                return 200, {"ok": True}
            case "POST", "/agent/one-time-prekeys":
                require(agent.bundle, "one-time prekeys before a bundle")
                self._one_time(agent, json.loads(body))
                return 200, None
            case "POST", "/agent/blobs":
                require(headers.get("content-type") == "application/octet-stream", "blob content type")
                digest = hashlib.sha256(body).hexdigest()
                blob_id = f"blob-{len(self.blobs) + 1}"
                self.blobs[blob_id] = body
                return 201, {"id": blob_id, "sha256": digest, "size": len(body)}
            case "GET", "/agent/group-keys":
                wanted = query["conversation_id"]
                return 200, [key for key in self.group_keys if key.get("conversation_id") == wanted]
            case "GET", _ if path.startswith("/agent/blobs/"):
                blob = self.blobs.get(unquote(path.removeprefix("/agent/blobs/")))
                return (200, blob) if blob is not None else (404, {"error": "no such blob"})
        self.note(f"unknown endpoint {method} {path}")
        return 404, {"error": "no such endpoint"}

    def _bundle(self, bundle):
        for field, size in BUNDLE_SIZES.items():
            require(decoded_size(bundle.get(field)) == size, f"{field} must be b64 of {size} bytes")
        for field in ("signed_prekey_id", "kyber_prekey_id"):
            require(type(bundle.get(field)) is int and 0 < bundle[field] < 2**31, f"{field} out of range")
        registration_id = bundle.get("registration_id")
        require(type(registration_id) is int and 1 <= registration_id <= 16380, "registration_id")
        require(bundle.get("device_id") == 1, "device_id must be 1")
        require(bundle.get("protocol_features") == ["history-v1"], "protocol_features")
        require(set(bundle) == BUNDLE_FIELDS, f"bundle fields {sorted(set(bundle) ^ BUNDLE_FIELDS)}")
        return bundle

    def _one_time(self, agent, request):
        keys = request["one_time_prekeys"]
        require(set(request) == {"one_time_prekeys"} and keys, "one_time_prekeys")
        for key in keys:
            require(set(key) == {"prekey_id", "public_key"}, f"one-time prekey fields {sorted(key)}")
            require(type(key["prekey_id"]) is int and 0 < key["prekey_id"] < 2**31, "prekey_id out of range")
            require(decoded_size(key["public_key"]) == 33, "public_key must be b64 of 33 bytes")
            require(key["prekey_id"] not in agent.one_time_ids, "prekey_id used before")
            agent.one_time_ids.add(key["prekey_id"])
        agent.one_time += keys
        agent.stats["one_time_uploads"] += 1
        self.on_event("one_time", agent=agent.id, available=len(agent.one_time))

    # WebSocket

    async def _websocket(self, agent, headers, reader, writer, refusal):
        digest = hashlib.sha1((headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
        writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + base64.b64encode(digest) + b"\r\n\r\n"
        )
        connection = Connection(agent, reader, writer)
        if refusal:
            connection.close(refusal["close"])
            await self._frames(agent, connection)
            return
        if not agent.bundle:
            self.note("WebSocket before a bundle was published")
        self.open.add(connection)
        agent.connection = connection
        agent.stats["connections"] += 1
        self.on_event("connected", agent=agent.id, connections=agent.stats["connections"])
        agent.replay()
        try:
            await self._frames(agent, connection)
        except Violation as violation:
            self.note(violation)
            connection.close(1002)
            await connection.ended.wait()
        finally:
            connection.ended.set()
            self.open.discard(connection)
            if agent.connection is connection:
                agent.connection = None
            self.on_event("disconnected", agent=agent.id, code=connection.close_code)

    async def _frames(self, agent, connection):
        parts, kind = [], None
        while not connection.ended.is_set():
            final, opcode, data = await connection.read_frame()
            if connection.deaf:
                await connection.ended.wait()
                return
            if opcode == PING:
                agent.stats["pings"] += 1
                if not connection.mute_pongs:
                    connection.send(PONG, data)
                self.on_event("ping", agent=agent.id)
            elif opcode == PONG:
                agent.stats["pongs"] += 1
            elif opcode == CLOSE:
                connection.close_code = struct.unpack("!H", data[:2])[0] if len(data) >= 2 else 1005
                connection.send(CLOSE, data[:2])
                return
            else:
                require((opcode == 0) == bool(parts), "fragments out of order")
                kind = opcode or kind
                parts.append(data)
                require(sum(map(len, parts)) <= MAX_MESSAGE, "a message over the limit")
                if final:
                    data, parts = b"".join(parts), []
                    self._frame(agent, kind, data)

    def _frame(self, agent, kind, data):
        agent.stats["frames"] += 1
        try:
            if kind != TEXT:
                raise Violation("a binary frame")
            message = json.loads(data.decode())
            fields = message.keys()
            if message["type"] == "ACK_READ":
                if fields != ACK_FIELDS:
                    raise Violation(f"ACK_READ fields {sorted(fields ^ ACK_FIELDS)}")
                self._ack(agent, message)
            elif message["type"] == "MSG":
                if not MSG_REQUIRED <= fields <= MSG_FIELDS:
                    raise Violation(f"MSG fields {sorted(fields)}")
                if not UUID.fullmatch(message["id"]):
                    self.note("MSG id is not a UUID")
                if None in message.values():
                    self.note("MSG with a null")
                self.on_message(agent, message, data)
            else:
                raise Violation(f"unknown type {message['type']}")
        except (Violation, ValueError, KeyError, TypeError) as error:
            self.note(f"frame: {error!r}")

    def _ack(self, agent, message):
        message_id = message["message_id"]
        agent.stats["acks"] += 1
        agent.acked[message_id] += 1
        route = message["to"], message["conversation_id"]
        if agent.routes.get(message_id, route) != route:
            self.note(f"ACK_READ of {message_id} with another person or conversation")
        if not self.ignore_acks:
            agent.unacked.pop(message_id, None)
        self.on_event("ack", agent=agent.id, message_id=message_id)
