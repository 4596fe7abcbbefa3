package com.pacerelle.signal.ratchet;

import com.pacerelle.signal.vectors.Vectors;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a snapshot of {@code signal-vectors.json} tells about a Double Ratchet.
 */
public final class RatchetSnapshot {

	private RatchetSnapshot() {
	}

	/**
	 * Asserts that a state is the recorded one.
	 * @param ratchet the state
	 * @param expected the recorded session
	 */
	public static void assertRatchet(DoubleRatchet ratchet, JsonNode expected) {
		assertThat(ratchet.root().key()).isEqualTo(Vectors.bytes(expected, "root_key"));
		assertThat(ratchet.previousCounter()).isEqualTo(expected.required("previous_counter").asInt());
		JsonNode sender = expected.required("sender");
		assertThat(ratchet.sender().ratchetKey().publicKey()).isEqualTo(Vectors.publicKey(sender, "ratchet_public"));
		assertThat(ratchet.sender().ratchetKey().encodePrivateKey())
			.isEqualTo(Vectors.bytes(sender, "ratchet_private"));
		assertChainKey(ratchet.sender().chainKey(), sender);
		JsonNode receivers = expected.required("receivers");
		assertThat(ratchet.receivers()).hasSameSizeAs(receivers);
		for (int i = 0; i < receivers.size(); i++) {
			assertReceiver(ratchet.receivers().get(i), receivers.get(i));
		}
	}

	/**
	 * How many messages a chain has skipped.
	 * @param chain the chain
	 * @return the number of seeds that are kept
	 */
	public static int skipped(ReceiverChain chain) {
		return chain.skipped().size();
	}

	private static void assertReceiver(ReceiverChain chain, JsonNode expected) {
		assertThat(chain.ratchetKey()).isEqualTo(Vectors.publicKey(expected, "ratchet_public"));
		assertChainKey(chain.chainKey(), expected);
		JsonNode skipped = expected.required("skipped");
		assertThat(chain.skipped().size()).isEqualTo(skipped.size());
		for (int i = 0; i < skipped.size(); i++) {
			assertThat(chain.skipped().counter(i)).isEqualTo(skipped.get(i).get(0).asInt());
			assertThat(chain.skipped().seed(i)).isEqualTo(Vectors.bytes(skipped.get(i).get(1)));
		}
	}

	private static void assertChainKey(ChainKey key, JsonNode expected) {
		assertThat(key.key()).isEqualTo(Vectors.bytes(expected, "chain_key"));
		assertThat(key.index()).isEqualTo(expected.required("index").asInt());
	}

}
