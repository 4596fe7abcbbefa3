package com.pacerelle.sample;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import com.pacerelle.client.message.Content;
import reactor.core.publisher.Mono;

/**
 * A call of a method of the published SDK that sends one message, and ours.
 *
 * @param method the SDK's method
 * @param arguments its arguments
 * @param ours the same with our client
 */
record SdkCall(String method, Map<String, ?> arguments, Function<TwinAgents, Mono<?>> ours) {

	/**
	 * A method that sends something to Alice.
	 * @param method the SDK's method
	 * @param arguments its arguments, without the person and the conversation
	 * @param content what we send in its place
	 * @return the call
	 */
	static SdkCall toAlice(String method, Map<String, ?> arguments, Content content) {
		return toAlice(method, arguments, (agents) -> agents.conversation().send(content));
	}

	static SdkCall toAlice(String method, Map<String, ?> arguments, Function<TwinAgents, Mono<?>> ours) {
		Map<String, Object> all = new HashMap<>(Map.of("conversation_id", "kitchen", "to", "alice"));
		all.putAll(arguments);
		return new SdkCall(method, all, ours);
	}

	@Override
	public String toString() {
		return this.method + new TreeMap<>(this.arguments).keySet();
	}

}
