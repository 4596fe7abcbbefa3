package com.pacerelle.signal.session;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.pacerelle.signal.DuplicateMessageException;
import com.pacerelle.signal.InMemorySignalStore;
import com.pacerelle.signal.InvalidMessageException;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.MalformedMessageException;
import com.pacerelle.signal.NoSessionException;
import com.pacerelle.signal.OneTimePreKey;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.ScriptedRandom;
import com.pacerelle.signal.SignalProtocolException;
import com.pacerelle.signal.SignedPreKey;
import com.pacerelle.signal.UnknownPreKeyException;
import com.pacerelle.signal.UntrustedIdentityException;
import com.pacerelle.signal.vectors.Vectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Replays recorded conversations with the native runtime, each event as its own unit of
 * work.
 */
class TranscriptVectorTests {

	private static final Map<String, Class<? extends SignalProtocolException>> ERRORS = Map.of("duplicate",
			DuplicateMessageException.class, "invalid_message", InvalidMessageException.class, "unknown_prekey",
			UnknownPreKeyException.class, "untrusted_identity", UntrustedIdentityException.class, "no_session",
			NoSessionException.class, "deserialize", MalformedMessageException.class);

	@TestFactory
	Stream<DynamicTest> theResponderReadsWhatTheNativeRuntimeWrote() {
		return tests("transcripts", false);
	}

	@TestFactory
	Stream<DynamicTest> theResponderAlsoWritesWhatWasRecorded() {
		return tests("full_transcripts", true);
	}

	private static Stream<DynamicTest> tests(String section, boolean exact) {
		return Vectors.elements(Vectors.section(section))
			.map((transcript) -> DynamicTest.dynamicTest(transcript.required("name").asString(),
					() -> new Replay(transcript, exact).run()));
	}

	private static final class Replay {

		private final JsonNode events;

		private final boolean exact;

		private final InMemorySignalStore store;

		private final List<Integer> oneTimePreKeys = new ArrayList<>();

		Replay(JsonNode transcript, boolean exact) {
			this.events = transcript.required("events");
			this.exact = exact;
			this.store = store(transcript.required("store"));
		}

		private InMemorySignalStore store(JsonNode recorded) {
			InMemorySignalStore recordedStore = new InMemorySignalStore(Vectors.keyPair(recorded, "identity_private"),
					recorded.required("registration_id").asInt());
			for (JsonNode key : recorded.required("one_time_prekeys")) {
				recordedStore.add(new OneTimePreKey(key.required("id").asInt(), Vectors.keyPair(key, "private")));
				this.oneTimePreKeys.add(key.required("id").asInt());
			}
			for (JsonNode key : recorded.required("signed_prekeys")) {
				recordedStore.add(new SignedPreKey(key.required("id").asInt(), Vectors.keyPair(key, "private"),
						Vectors.bytes(key, "signature")));
			}
			for (JsonNode key : recorded.required("kyber_prekeys")) {
				recordedStore.add(new KyberPreKey(key.required("id").asInt(), Vectors.bytes(key, "public"),
						Vectors.bytes(key, "secret"), Vectors.bytes(key, "signature")));
			}
			return recordedStore;
		}

		void run() {
			for (int i = 0; i < this.events.size(); i++) {
				JsonNode event = this.events.get(i);
				if (event.required("op").asString().equals("decrypt")) {
					decrypt(event, "event " + i);
				}
				else if (this.exact) {
					encrypt(event, "event " + i);
				}
				JsonNode remaining = event.get("remaining_one_time_prekeys");
				if (remaining != null) {
					assertThat(this.oneTimePreKeys.stream().filter((id) -> this.store.oneTimePreKey(id) != null))
						.as("event " + i)
						.containsExactlyInAnyOrderElementsOf(
								Vectors.elements(remaining).map((id) -> id.asInt()).toList());
				}
			}
		}

		private void decrypt(JsonNode event, String description) {
			JsonNode frame = (event.get("frame") != null) ? event.get("frame")
					: this.events.get(event.required("frame_ref").asInt()).required("frame");
			SessionCipher cipher = new SessionCipher(this.store, random(event, "ratchet_private"), Clock.systemUTC());
			byte[][] plaintext = new byte[1][];
			Throwable refusal = catchThrowable(() -> plaintext[0] = cipher.decrypt(peer(event), Vectors.bytes(frame)));
			if (event.get("error") != null) {
				assertThat(refusal).as(description).isExactlyInstanceOf(ERRORS.get(event.get("error").asString()));
				assertThat(cipher.changes()).as(description).isEmpty();
			}
			else {
				assertThat(refusal).as(description).isNull();
				assertThat(plaintext[0]).as(description).isEqualTo(Vectors.bytes(event, "plaintext"));
			}
			this.store.commit(cipher.changes());
		}

		private void encrypt(JsonNode event, String description) {
			ScriptedRandom random = random(event, "spqr_random");
			SessionCipher cipher = new SessionCipher(this.store, random, Clock.systemUTC());
			assertThat(cipher.encrypt(peer(event), Vectors.bytes(event, "plaintext"))).as(description)
				.isEqualTo(Vectors.bytes(event, "frame"));
			assertThat(random.remaining()).as(description).isZero();
			this.store.commit(cipher.changes());
		}

		private static ScriptedRandom random(JsonNode event, String name) {
			JsonNode recorded = event.get(name);
			return (recorded != null) ? new ScriptedRandom(Vectors.bytes(recorded)) : new ScriptedRandom();
		}

		private static ProtocolAddress peer(JsonNode event) {
			return ProtocolAddress.of(event.required("peer").asString());
		}

	}

}
