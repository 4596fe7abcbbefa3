"""The published SDK's way with files, driven by JSON lines like peer.py.

  start (base_url, agent_id, token, store_root)
  upload (name, mime, b64)    uploads a file; answers the attachment's fields
  download (attachment)       downloads and decrypts an attachment; answers `b64`
"""

import asyncio
import base64
import dataclasses
import json
import sys

from agent_gateway_sdk import AgentAttachment, AgentGatewayClient


class SdkFiles:
    def do_start(self, base_url, agent_id, token, store_root):
        self.client = AgentGatewayClient(
            token=token, agent_id=agent_id, base_url=base_url, store_root=store_root, e2ee=True
        )

    def do_upload(self, name, mime, b64):
        attachment = self.client.upload_file(name=name, data=base64.b64decode(b64), mime=mime)
        return {"attachment": dataclasses.asdict(attachment)}

    def do_download(self, attachment):
        content = asyncio.run(self.client.download_attachment(AgentAttachment(**attachment)))
        return {"b64": base64.b64encode(content).decode()}


def main():
    files = SdkFiles()
    for line in sys.stdin:
        request = json.loads(line)
        command = getattr(files, f"do_{request.pop('cmd')}")
        try:
            answer = {"ok": True, **(command(**request) or {})}
        except Exception as error:
            answer = {"ok": False, "error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
