package com.pacerelle.signal.spqr;

import java.util.EnumMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.pacerelle.signal.crypto.Hkdf;
import com.pacerelle.signal.protobuf.ProtobufReader;
import com.pacerelle.signal.spqr.SpqrException.Reason;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class KeyChainTests {

	private static final JsonNode VECTORS = Vectors.section("chain");

	private static final byte[] AUTH_KEY = Vectors.bytes(VECTORS, "auth_key");

	private static final Limits SMALL_LIMITS = new Limits(30, 5);

	private final Map<Direction, KeyChain> chains = new EnumMap<>(
			Map.of(Direction.A2B, start(Direction.A2B), Direction.B2A, start(Direction.B2A)));

	@Test
	void theStartOfTheVectorsIsDerived() {
		assertThat(Hkdf.derive(AUTH_KEY, Labels.CHAIN_START, 96)).isEqualTo(Vectors.bytes(VECTORS, "start_output"));
		KeyChain chain = start(Direction.A2B);
		assertThat(chain.nextRoot()).isEqualTo(Vectors.bytes(VECTORS, "next_root"));
		assertThat(chain.links().get(0).send().chainKey()).isEqualTo(Vectors.bytes(VECTORS, "a2b"));
		assertThat(chain.links().get(0).receive().chainKey()).isEqualTo(Vectors.bytes(VECTORS, "b2a"));
	}

	/** The tests of one factory share the instance, so each step builds on the last. */
	@TestFactory
	Stream<DynamicTest> everyStepOfTheVectorsIsReproduced() {
		JsonNode steps = VECTORS.required("steps");
		return IntStream.range(0, steps.size())
			.mapToObj((i) -> DynamicTest.dynamicTest(i + " " + name(steps.get(i)), () -> replay(steps.get(i))));
	}

	@Test
	void aSendingEpochNeverGoesBack() {
		KeyChain chain = start(Direction.A2B).add(secret(1)).takeSendKey(1).next();
		assertThatExceptionOfType(SpqrException.class).isThrownBy(() -> chain.takeSendKey(0))
			.extracting(SpqrException::reason)
			.isEqualTo(Reason.SEND_KEY_EPOCH_DECREASED);
	}

	@Test
	void aNewSendingEpochForgetsAllButTheOneBefore() {
		KeyChain chain = start(Direction.A2B);
		for (int epoch = 1; epoch <= 20; epoch++) {
			chain = chain.add(secret(epoch));
			assertThat(chain.links()).hasSizeLessThanOrEqualTo(3);
			chain = chain.takeSendKey(epoch).next();
			assertThat(chain.links()).hasSize(2);
			assertThat(chain.links().get(0).send().chainKey()).isNull();
			assertThat(chain.links().get(0).receive().chainKey()).isNotNull();
		}
	}

	@Test
	void anEpochCannotBeLeftOut() {
		KeyChain chain = start(Direction.A2B);
		assertThatIllegalStateException().isThrownBy(() -> chain.add(secret(2)));
	}

	@Test
	void lateKeysAreKeptUpToTheLimitAndNotBeyond() {
		KeyChain sender = KeyChain.start(Direction.A2B, AUTH_KEY, SMALL_LIMITS);
		byte[][] keys = new byte[21][];
		for (int i = 1; i <= 20; i++) {
			KeyChain.Taken taken = sender.takeSendKey(0);
			keys[i] = taken.key();
			sender = taken.next();
		}
		KeyChain receiver = KeyChain.start(Direction.B2A, AUTH_KEY, SMALL_LIMITS).takeReceiveKey(0, 20).next();
		for (int i = 15; i < 20; i++) {
			assertThat(receiver.takeReceiveKey(0, i).key()).isEqualTo(keys[i]);
		}
		assertRefused(receiver, 14, Reason.KEY_TRIMMED);
		assertRefused(receiver, 20, Reason.KEY_ALREADY_REQUESTED);
		assertRefused(receiver, 51, Reason.KEY_JUMP);
		assertRefused(receiver, 0xFFFF_FFFF, Reason.KEY_JUMP);
		assertThat(receiver.takeReceiveKey(0, 50).number()).isEqualTo(50);
	}

	@Test
	void theListOfSkippedKeysStaysBounded() {
		KeyChain receiver = KeyChain.start(Direction.B2A, AUTH_KEY, SMALL_LIMITS);
		for (int number = 2; number < 400; number += 2) {
			receiver = receiver.takeReceiveKey(0, number).next();
			assertThat(receiver.links().get(0).receive().skipped().size()).isLessThanOrEqualTo(6);
		}
	}

	@Test
	void aKeyStreamEndsBeforeItsCounterOverflows() {
		ChainKeyStream stream = new ChainKeyStream(0xFFFF_FFFE, new byte[32], SkippedKeys.NONE).next().next();
		assertThatIllegalStateException().isThrownBy(stream::next);
	}

	@Test
	void aTakenKeyLeavesTheEarlierChainUsable() {
		KeyChain chain = start(Direction.B2A).takeReceiveKey(0, 10).next();
		byte[] before = chain.encode().toByteArray();
		chain.takeReceiveKey(0, 5);
		chain.takeReceiveKey(0, 3000);
		chain.takeSendKey(0);
		chain.add(secret(1)).takeSendKey(1);
		assertThat(chain.encode().toByteArray()).isEqualTo(before);
	}

	private void replay(JsonNode step) {
		Direction who = step.required("who").asString().equals("A") ? Direction.A2B : Direction.B2A;
		KeyChain chain = this.chains.get(who);
		long epoch = step.required("epoch").asLong();
		if (step.has("error")) {
			byte[] before = chain.encode().toByteArray();
			assertThatExceptionOfType(SpqrException.class).isThrownBy(() -> take(chain, epoch, step))
				.extracting(SpqrException::reason)
				.isEqualTo(Vectors.reason(step.get("error")));
			assertThat(chain.encode().toByteArray()).isEqualTo(before);
			return;
		}
		KeyChain next;
		if (step.has("secret")) {
			next = chain.add(new EpochSecret(epoch, Vectors.bytes(step, "secret")));
			assertThat(next.nextRoot()).isEqualTo(Vectors.bytes(step, "next_root"));
		}
		else {
			KeyChain.Taken taken = take(chain, epoch, step);
			assertThat(taken.key()).isEqualTo(Vectors.bytes(step, "key"));
			assertThat(taken.number()).isEqualTo(step.required("index").asInt());
			next = taken.next();
		}
		this.chains.put(who, KeyChain.decode(new ProtobufReader(next.encode().toByteArray())));
	}

	private static KeyChain.Taken take(KeyChain chain, long epoch, JsonNode step) {
		return step.required("op").asString().equals("send_key") ? chain.takeSendKey(epoch)
				: chain.takeReceiveKey(epoch, step.required("index").asInt());
	}

	private static String name(JsonNode step) {
		return step.required("who").asString() + " " + step.required("op").asString() + " epoch "
				+ step.required("epoch").asLong() + (step.has("index") ? " number " + step.get("index").asLong() : "")
				+ (step.has("error") ? ": " + step.get("error").asString() : "");
	}

	private static void assertRefused(KeyChain chain, int number, Reason reason) {
		assertThatExceptionOfType(SpqrException.class).isThrownBy(() -> chain.takeReceiveKey(0, number))
			.extracting(SpqrException::reason)
			.isEqualTo(reason);
	}

	private static KeyChain start(Direction direction) {
		return KeyChain.start(direction, AUTH_KEY,
				new Limits(VECTORS.required("max_jump").asInt(), VECTORS.required("max_ooo_keys").asInt()));
	}

	private static EpochSecret secret(long epoch) {
		return new EpochSecret(epoch, new byte[32]);
	}

}
