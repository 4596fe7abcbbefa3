"""Groups and archives: members who share keys, on the published SDK's own functions."""

import base64
import json
import os
from types import SimpleNamespace

from agent_gateway_sdk import GROUP_SENDER_KEY_TYPE, AgentGatewayClient, _group_key_record, _parse_group_sender_key
from agent_gateway_sdk.history import (
    ConversationHistoryContext,
    open_conversation_history,
    seal_conversation_history,
)


class Group:
    """What each member of a group has: its keys, of which the last one is used."""

    def __init__(self, conversation_id):
        self.conversation_id, self.last = conversation_id, None
        # All that the SDK's two functions need of a client.
        self.keys = SimpleNamespace(_group_keys={}, _sync_group_keys=lambda _: None, _save_snapshot=lambda: None)

    def rotate(self, epoch):
        material = {
            "type": GROUP_SENDER_KEY_TYPE, "v": 1, "alg": "AES-256-GCM", "conversation_id": self.conversation_id,
            "key_id": f"key-{epoch}", "epoch": epoch, "raw_key_b64": base64.b64encode(os.urandom(32)).decode(),
        }  # fmt: skip
        self.last = _parse_group_sender_key(json.dumps(material))
        assert self.last
        self.keys._group_keys[_group_key_record(self.conversation_id, material["key_id"], epoch)] = self.last

    def encrypt(self, text):
        return AgentGatewayClient._encrypt_group_message(self.keys, self.conversation_id, text)

    def decrypt(self, payload_b64):
        return AgentGatewayClient._decrypt_group_message(self.keys, self.conversation_id, payload_b64)

    def tampered(self, text, change):
        """A message whose ciphertext has a wrong bit, or a field that is not what was authenticated."""
        message = json.loads(base64.b64decode(self.encrypt(text)))
        if change == "ciphertext":
            data = bytearray(base64.b64decode(message["ciphertext_b64"]))
            data[0] ^= 1
            message["ciphertext_b64"] = base64.b64encode(data).decode()
        else:
            message |= change
        return base64.b64encode(json.dumps(message).encode()).decode()


class GroupCommands:
    """Commands of peer.py."""

    def __init__(self):
        self.groups, self.group_replies, self.group_sent = {}, [], 0
        self.group_payloads = {}  # message id -> payload

    def do_add_group(self, conversation_id):
        group = self.groups[conversation_id] = Group(conversation_id)
        group.rotate(1)

    def do_rotate_group(self, conversation_id, epoch):
        self.groups[conversation_id].rotate(epoch)

    def do_distribute(self, conversation_id, person, envelope=None, inside=None):
        """A member gives the agent the present key. `envelope` and `inside` overwrite fields outside and inside."""
        group, member = self.groups[conversation_id], self.persons[person]
        sealed = {
            "conversation_id": conversation_id, "key_id": group.last["key_id"], "epoch": group.last["epoch"],
            "sender_id": member.user_id, "sender_device_id": member.device_id,
            "envelope_b64": self._encrypt(member, json.dumps({**group.last, **(inside or {})})),
        }  # fmt: skip
        self.relay.group_keys.append({**sealed, **(envelope or {})})

    def do_group_send(self, conversation_id, person, text, tamper=None, history_key=None):
        group, member = self.groups[conversation_id], self.persons[person]
        if history_key:
            text = json.dumps({"type": "pacerelle.delivery", "v": 1, "body": text, "history_key": history_key})
        self.group_sent += 1
        message_id = f"{person}-to-group-{self.group_sent}"
        payload = group.tampered(text, tamper) if tamper else group.encrypt(text)
        self._to_group(member, message_id, conversation_id, payload)
        return {"message_id": message_id}

    def do_group_copy(self, conversation_id, message_id, person):
        """The relay delivers a message again, under another id and as one of another member."""
        self.group_sent += 1
        copy_id = f"copy-to-group-{self.group_sent}"
        self._to_group(self.persons[person], copy_id, conversation_id, self.group_payloads[message_id])
        return {"message_id": copy_id}

    def _to_group(self, member, message_id, conversation_id, payload):
        self.group_payloads[message_id] = payload
        frame = member.frame(message_id, payload, conversation_id=conversation_id, to=f"group:{conversation_id}")
        self.agent.queue(message_id, frame, (member.user_id, conversation_id))

    def on_group_message(self, message):
        group = self.groups.get(message["conversation_id"])
        if not group or message["to"] != f"group:{group.conversation_id}" or "to_device_id" in message:
            self._error(message, "not as messages to a group are")
            return
        try:
            text = group.decrypt(message["payload_b64"])
        except Exception as error:
            self._error(message, f"the members cannot decrypt: {error!r}")
            return
        reply = {
            "conversation_id": group.conversation_id, "message_id": message["id"],
            "reply_to": message.get("reply_to_message_id"), "text": text,
            "key_id": json.loads(base64.b64decode(message["payload_b64"]))["key_id"],
            "history_record": message.get("history_record"),
        }  # fmt: skip
        self.group_replies.append(reply)
        self._event("group_reply", **reply)

    def do_group_replies(self, conversation_id):
        return {"replies": [reply for reply in self.group_replies if reply["conversation_id"] == conversation_id]}

    @staticmethod
    def _context(context):
        return ConversationHistoryContext(**context)

    def do_open_history(self, record, raw_key_b64, context):
        return {"text": open_conversation_history(record, raw_key_b64, self._context(context))}

    def do_seal_history(self, text, raw_key_b64, context):
        return {"record": seal_conversation_history(text, raw_key_b64, self._context(context))}
