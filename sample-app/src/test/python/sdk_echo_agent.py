"""The published SDK's echo agent: answers `Received: <text>`.

Configured by PACERELLE_AGENT_ID, PACERELLE_AGENT_TOKEN, PACERELLE_BASE_URL, PACERELLE_WS_URL, PACERELLE_STORE_ROOT.
connect() returns or raises when the connection ends, so it is called again.
"""

import asyncio
import os
import sys

from pacerelle import AgentGatewayClient


async def handle(message, agent):
    await agent.reply(message, f"Received: {message.text}")


async def main():
    client = AgentGatewayClient(
        token=os.environ["PACERELLE_AGENT_TOKEN"],
        agent_id=os.environ["PACERELLE_AGENT_ID"],
        base_url=os.environ.get("PACERELLE_BASE_URL", "https://api.pacerelle.com"),
        ws_url=os.environ.get("PACERELLE_WS_URL"),
        store_root=os.environ.get("PACERELLE_STORE_ROOT"),
        e2ee=True,
    )
    client.on_message(handle)
    while True:
        try:
            await client.connect()
        except Exception as error:
            print(f"connection ended: {type(error).__name__}", file=sys.stderr, flush=True)
        await asyncio.sleep(0.2)


if __name__ == "__main__":
    asyncio.run(main())
