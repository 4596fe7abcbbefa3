"""People: the human side of a conversation, on the native Signal runtime of the published SDK."""

import base64
import json
import random

from agent_gateway_sdk import SignalPreKeyBundle, SignalRuntimeError, _SignalStore

__all__ = ["Person", "SignalRuntimeError", "emoji_text"]


class Person:
    """One device of a human in one conversation (or a human without a device id)."""

    def __init__(self, name, agent_id, user_id, conversation_id, device_id=None, restart_every=0):
        self.name, self.user_id, self.conversation_id, self.device_id = name, user_id, conversation_id, device_id
        self.peer = f"agent:{agent_id}"
        self.local = f"human:{user_id}:{conversation_id}" + (f":device:{device_id}" if device_id else "")
        self.store = _SignalStore(self.local)
        self.met, self.sent = False, 0
        self.restart_every, self.operations = restart_every, 0

    @property
    def address(self):
        return self.user_id, self.conversation_id, self.device_id

    def meet(self, bundle):
        """Starts a new session from a bundle as the relay hands it out; an earlier session is archived."""
        names = SignalPreKeyBundle.__dataclass_fields__
        values = {name: value for name, value in bundle.items() if name in names}
        values["prekey_id"] = values.get("prekey_id") or 0
        values["prekey_public"] = values.get("prekey_public") or ""  # empty: no one-time prekey
        self.store.process_prekey_bundle(self.peer, SignalPreKeyBundle(**values))
        self.met = True

    def encrypt(self, text):
        data = text.encode() if isinstance(text, str) else text
        payload = base64.b64encode(self.store.encrypt(self.peer, data)).decode()
        self._count()
        return payload

    def decrypt(self, payload_b64):
        text = self.store.decrypt(self.peer, base64.b64decode(payload_b64, validate=True)).decode()
        self._count()
        return text

    def _count(self):
        self.operations += 1
        if self.restart_every and self.operations % self.restart_every == 0:
            self.restart()

    def restart(self):
        """Goes on from an exported snapshot, as a restarted app does."""
        snapshot = self.store.export_bytes()
        self.store.close()
        self.store = _SignalStore.from_snapshot(self.local, snapshot)

    def frame(self, message_id, payload_b64, **fields):
        """The MSG frame as the relay delivers it. A field given as None is left out."""
        frame = {
            "type": "MSG",
            "id": message_id,
            "from": self.user_id,
            "from_device_id": self.device_id,
            "conversation_id": self.conversation_id,
            "to": self.peer.removeprefix("agent:"),
            "encrypted": True,
            "payload_b64": payload_b64,
            **fields,
        }
        return json.dumps({name: value for name, value in frame.items() if value is not None})


def emoji_text(size, seed):
    """Random text of exactly `size` UTF-8 bytes, with letters, accents, CJK and emoji."""
    draw, text, left = random.Random(seed), [], size
    alphabet = ("a", "Z", " ", "é", "字", "😀", "👩‍👩‍👧", "🇫🇷", "\n", '"', "\\")
    while left:
        piece = draw.choice(alphabet)
        if (cost := len(piece.encode())) <= left:
            text.append(piece)
            left -= cost
    return "".join(text)
