"""An echo agent with nothing but the native runtime: no store, no receipts. It shows what load.py can do at most."""

import asyncio
import base64
import json
import os
import uuid
from urllib import request

from agent_gateway_sdk import _SignalStore
from websockets.asyncio.client import connect

BASE, TOKEN = os.environ["PACERELLE_BASE_URL"], os.environ["PACERELLE_AGENT_TOKEN"]


def call(method, path, body):
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json", "User-Agent": "bare-agent"}
    request.urlopen(request.Request(BASE + path, json.dumps(body).encode(), headers, method=method)).close()


async def main():
    store = _SignalStore("agent:" + os.environ["PACERELLE_AGENT_ID"])
    for number in range(1, 51):
        last = store.generate_prekey_bundle(number, 1, 1)
        key = {"prekey_id": number, "public_key": last.prekey_public}
        keys = [*keys, key] if number > 1 else [key]
    bundle = {name: value for name, value in vars(last).items() if name not in ("prekey_id", "prekey_public")}
    call("PUT", "/agent/prekey-bundle", {**bundle, "protocol_features": ["history-v1"]})
    call("POST", "/agent/one-time-prekeys", {"one_time_prekeys": keys})
    url = f"{os.environ['PACERELLE_WS_URL']}/ws/agent?token={TOKEN}"
    async with connect(url, compression=None, max_size=None) as socket:
        async for raw in socket:
            message = json.loads(raw)
            to, conversation, device = message["from"], message["conversation_id"], message.get("from_device_id")
            peer = f"human:{to}:{conversation}:device:{device}"
            text = store.decrypt(peer, base64.b64decode(message["payload_b64"]))
            answer = {
                "type": "MSG", "id": str(uuid.uuid4()), "conversation_id": conversation, "to": to, "encrypted": True,
                "payload_b64": base64.b64encode(store.encrypt(peer, b"Received: " + text)).decode(),
                "to_device_id": device, "reply_to_message_id": message["id"],
            }  # fmt: skip
            ack = {"type": "ACK_READ", "to": to, "message_id": message["id"], "conversation_id": conversation}
            await socket.send(json.dumps(answer))
            await socket.send(json.dumps(ack))


if __name__ == "__main__":
    asyncio.run(main())
