"""Calls the published SDK's three functions of Agent Connect with the arguments in a line of JSON, and writes what they return."""

import dataclasses
import json
import sys

from agent_gateway_sdk import begin_agent_connect, exchange_agent_connect_code, request_agent_runtime_token

arguments = json.loads(sys.stdin.readline())
base = {"base_url": arguments["base_url"]}
client = {name: arguments[name] for name in ("client_id", "redirect_uri")}
agent = {name: arguments[name] for name in ("connect_key", "agent_name", "agent_description")}

start = begin_agent_connect(**base, **client, **agent)
installation = exchange_agent_connect_code(
    **base, **client, code=arguments["code"], code_verifier=start.code_verifier
)
runtime = request_agent_runtime_token(**base, installation_token=installation.installation_token)
print(json.dumps([dataclasses.asdict(result) for result in (start, installation, runtime)]))
