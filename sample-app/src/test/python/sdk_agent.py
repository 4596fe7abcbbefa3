"""An agent of the published SDK, driven by JSON lines like peer.py: its public methods are called one by one.

  start (base_url, agent_id, token, store_root)   creates the client and connects it in the background
  methods                                         the public methods and functions of the SDK, with their parameters
  call (method, arguments)                        calls a method of the client
  received (count)                                what the message handler got so far, at least `count` messages
"""

import asyncio
import base64
import dataclasses
import inspect
import json
import sys

import agent_gateway_sdk
import agent_gateway_sdk.history
from agent_gateway_sdk import AgentGatewayClient


class SdkAgent:
    def __init__(self):
        self.client, self.connection = None, None
        self.messages, self.arrived = [], asyncio.Condition()
        self.uploaded = []

    async def do_start(self, base_url, agent_id, token, store_root):
        self.client = AgentGatewayClient(
            token=token, agent_id=agent_id, base_url=base_url, store_root=store_root, e2ee=True
        )
        self.client.on_message(self._handle)
        self.connection = asyncio.create_task(self.client.connect())

    async def _handle(self, message, client):
        async with self.arrived:
            self.messages.append(message)
            self.arrived.notify_all()

    def do_methods(self):
        """Names of public methods and functions, each with the names of its parameters, save those that take anything."""
        public = {
            name: function
            for owner in (AgentGatewayClient, agent_gateway_sdk, agent_gateway_sdk.history)
            for name, function in inspect.getmembers(owner, inspect.isfunction)
            if not name.startswith("_") and function.__module__.startswith("agent_gateway_sdk")
        }
        return {"methods": {name: self._parameters(function) for name, function in public.items()}}

    @staticmethod
    def _parameters(function):
        parameters = inspect.signature(function).parameters.values()
        return [each.name for each in parameters if each.name != "self" and each.kind != each.VAR_KEYWORD]

    async def do_call(self, method, arguments):
        result = getattr(self.client, method)(**{name: self._argument(name, each) for name, each in arguments.items()})
        if inspect.isawaitable(result):
            result = await result
        if method == "upload_file":
            self.uploaded.append(result)
        return {"result": result if result is None or isinstance(result, str) else None}

    def _argument(self, name, value):
        """What has no form in JSON: bytes, a received message by its id, uploaded files by their number."""
        if name == "data":
            return base64.b64decode(value)
        if name == "message":
            return next(message for message in self.messages if message.id == value)
        if name == "attachments":
            return [self.uploaded[number] for number in value]
        return value

    async def do_received(self, count):
        async with self.arrived:
            await asyncio.wait_for(self.arrived.wait_for(lambda: len(self.messages) >= count), 30)
        return {"messages": [dataclasses.asdict(message) for message in self.messages]}

    async def serve(self, reader):
        while line := await reader.readline():
            request = json.loads(line)
            key, command = request.pop("id", None), getattr(self, f"do_{request.pop('cmd')}")
            try:
                result = command(**request)
                answer = {"ok": True, **((await result if inspect.isawaitable(result) else result) or {})}
            except Exception as error:
                answer = {"ok": False, "error": f"{type(error).__name__}: {error}"}
            sys.stdout.write(json.dumps({"re": key, **answer}) + "\n")
            sys.stdout.flush()


async def main():
    reader = asyncio.StreamReader(limit=128 * 1024 * 1024)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await SdkAgent().serve(reader)


if __name__ == "__main__":
    asyncio.run(main())
