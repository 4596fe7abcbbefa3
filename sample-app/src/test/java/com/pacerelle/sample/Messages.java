package com.pacerelle.sample;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Messages that a person sends, and what the network does to them.
 *
 * @param arguments the arguments of the peer's command {@code send}
 */
record Messages(Map<String, @Nullable Object> arguments) {

	static Messages of(String text) {
		return new Messages(Map.of("text", DiscreetLog.SECRET + ' ' + text));
	}

	static Messages numbered(int count) {
		return of("{n}").with("count", count);
	}

	/** Random text of so many bytes, with emoji, accents and CJK. */
	static Messages ofSize(int bytes, int count, long seed) {
		return numbered(count).with("size", bytes).with("seed", seed);
	}

	/** The text is exactly this, and so is the expected answer. */
	static Messages exactly(String text, String answer) {
		return new Messages(Map.of("text", text, "answer", answer));
	}

	Messages withId(String id) {
		return with("message_id", id);
	}

	/** Encrypted, but not delivered before {@link NativePeer#deliver}. */
	Messages held() {
		return with("hold", true);
	}

	/** The frames are wanted as well. */
	Messages withFrames() {
		return with("frames", true);
	}

	/** One bit of the ciphertext is wrong; no answer is expected. */
	Messages forged() {
		return with("flip", true);
	}

	Messages unanswered() {
		return with("expected", false);
	}

	/** The frame differs in a field; {@code null} removes it. */
	Messages withField(String name, @Nullable Object value) {
		Map<String, @Nullable Object> envelope = new HashMap<>();
		if (this.arguments.get("envelope") instanceof Map<?, ?> known) {
			known.forEach((field, content) -> envelope.put((String) field, content));
		}
		envelope.put(name, value);
		return with("envelope", envelope);
	}

	/**
	 * Each message is lost or doubled by chance, and moves back by up to so many places.
	 */
	Messages overBadNetwork(double loss, double duplicate, int shuffle, long seed) {
		return with("loss", loss).with("duplicate", duplicate).with("shuffle", shuffle).with("seed", seed);
	}

	Messages from(String person) {
		return with("person", person);
	}

	private Messages with(String name, Object value) {
		Map<String, @Nullable Object> arguments = new HashMap<>(this.arguments);
		arguments.put(name, value);
		return new Messages(arguments);
	}

}
