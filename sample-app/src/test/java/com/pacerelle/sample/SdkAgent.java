package com.pacerelle.sample;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import tools.jackson.databind.JsonNode;

/**
 * An agent of the published SDK whose methods are called one by one.
 */
final class SdkAgent implements AutoCloseable {

	private final JsonLinesProcess process = JsonLinesProcess.start(PythonEnvironment.command("sdk_agent.py"));

	/**
	 * The public methods and functions of the SDK.
	 * @return the names of their parameters by their names
	 */
	Map<String, Set<String>> methods() {
		Map<String, Set<String>> methods = new HashMap<>();
		this.process.call("methods", Map.of())
			.get("methods")
			.forEachEntry((name, parameters) -> methods.put(name,
					Set.copyOf(parameters.valueStream().map(JsonNode::stringValue).toList())));
		return methods;
	}

	/** Creates the client and connects it in the background. */
	void start(RelayAccess relay, Path store) {
		this.process.call("start", Map.of("base_url", relay.baseUrl(), "agent_id", relay.agentId(), "token",
				relay.token(), "store_root", store.toString()));
	}

	/**
	 * Calls a method of the client.
	 * @param method its name
	 * @param arguments its arguments
	 * @return the result if it is a text, else a null node
	 */
	JsonNode call(String method, Map<String, ?> arguments) {
		return this.process.call("call", Map.of("method", method, "arguments", arguments)).get("result");
	}

	/**
	 * What its message handler got.
	 * @param count how many messages to wait for
	 * @return the messages in the order of their arrival
	 */
	List<JsonNode> received(int count) {
		return this.process.call("received", Map.of("count", count)).get("messages").valueStream().toList();
	}

	@Override
	public void close() {
		this.process.close();
	}

}
