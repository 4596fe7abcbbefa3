package com.pacerelle.signal.spqr;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

import com.pacerelle.signal.SeededRandom;
import com.pacerelle.signal.protobuf.ProtobufReader;
import com.pacerelle.signal.protobuf.ProtobufWriter;
import com.pacerelle.signal.spqr.SpqrException.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SpqrState#encode()} and {@link SpqrState#decode(byte[])}.
 */
class StoredStateTests {

	private static final Direction A = Direction.A2B;

	private static final Direction B = Direction.B2A;

	private static final byte[] AUTH_KEY = new byte[32];

	private static final Authenticator AUTHENTICATOR = Authenticator.initial(AUTH_KEY);

	private static final ErasureEncoder HEADER_ENCODER = ErasureEncoder.of(new byte[96]);

	private static final ErasureEncoder KEY_ENCODER = ErasureEncoder.of(new byte[1152]);

	private static final ErasureDecoder CT1_DECODER = ErasureDecoder.forLength(960);

	private static final EncapsulationState ENCAPSULATION = EncapsulationState.ofStored(new byte[2080]);

	@TestFactory
	Stream<DynamicTest> everyStateOfTheVectorsIsReadAndWrittenAgain() {
		return vectors((vector) -> true, (vector) -> {
			byte[] blob = Vectors.bytes(vector, "blob");
			SpqrState state = SpqrState.decode(blob);
			assertThat(vector.required("state").asString()).contains(StateNames.of(state));
			assertThat(state.encode()).isEqualTo(blob);
		});
	}

	@TestFactory
	Stream<DynamicTest> everyStateOfTheVectorsSendsWhatTheNativeOneSends() {
		return vectors((vector) -> vector.has("next_send"), (vector) -> {
			JsonNode expected = vector.required("next_send");
			ScriptedRandom random = new ScriptedRandom(Vectors.bytes(expected, "random"));
			SpqrState.Sent sent = SpqrState.decode(Vectors.bytes(vector, "blob")).send(random);
			assertThat(sent.message()).isEqualTo(Vectors.bytes(expected, "msg"));
			assertThat(sent.key()).isEqualTo(Vectors.bytes(expected, "key"));
			assertThat(random.remaining()).isZero();
		});
	}

	@Test
	void theInitialStatesAreThoseOfTheVectors() {
		Vectors.elements(Vectors.section("states")).filter((vector) -> !vector.has("next_send")).forEach((vector) -> {
			byte[] blob = Vectors.bytes(vector, "blob");
			Direction direction = vector.required("state").asString().contains("A2B") ? A : B;
			ProtobufReader reader = new ProtobufReader(blob);
			assertThat(reader.next()).isTrue();
			byte[] authKey = Negotiation.decode(reader.message()).authKey();
			assertThat(SpqrState.initial(direction, authKey).encode()).isEqualTo(blob);
		});
	}

	@Test
	void theVectorsHaveEveryState() {
		assertThat(Vectors.elements(Vectors.section("states"))
			.map((vector) -> vector.required("state").asString().substring(0, 2)))
			.contains("K1", "K2", "K3", "K4", "K5", "C1", "C2", "C3", "C4", "C5", "C6");
	}

	@Test
	void fieldsThatAreNotKnownAreSkipped() {
		byte[] blob = SpqrState.initial(A, AUTH_KEY).encode();
		byte[] extended = new ProtobufWriter().uint64(9, 5).bytes(10, new byte[3]).toByteArray();
		byte[] both = Arrays.copyOf(blob, blob.length + extended.length);
		System.arraycopy(extended, 0, both, blob.length, extended.length);
		assertThat(SpqrState.decode(both).encode()).isEqualTo(blob);
	}

	@Test
	void limitsOtherThanTheDefaultAreStored() {
		byte[] blob = SpqrState.initial(A, AUTH_KEY, new Limits(30, 5)).encode();
		assertThat(SpqrState.decode(blob).encode()).isEqualTo(blob);
		assertThat(Limits.decode(new ProtobufReader(new Limits(30, 5).encode().toByteArray())))
			.isEqualTo(new Limits(30, 5));
		assertThat(Limits.DEFAULT.encode().toByteArray()).isEmpty();
	}

	@TestFactory
	Stream<DynamicTest> everyBrokenStateIsRefused() {
		KeyChain started = KeyChain.start(A, AUTH_KEY, Limits.DEFAULT);
		KeyChain responder = KeyChain.start(B, AUTH_KEY, Limits.DEFAULT);
		KeyChain second = responder.add(new EpochSecret(1, new byte[32]));
		BraidState unsampled = new KeysUnsampled(1, AUTHENTICATOR);
		BraidState unheard = NoHeaderReceived.start(1, AUTHENTICATOR);
		return Stream
			.of(broken("nothing at all", new ProtobufWriter()),
					broken("no exchange", new ProtobufWriter().message(2, started.encode())),
					broken("an exchange without a state",
							new ProtobufWriter().message(2, started.encode()).bytes(3, new byte[0])),
					broken("an exchange in an unknown state",
							state(started, new ProtobufWriter().bytes(12, new byte[0]))),
					broken("neither chain nor negotiation", new ProtobufWriter().message(3, unsampled.encode())),
					broken("minimum version 0",
							new ProtobufWriter().message(1, new ProtobufWriter().bytes(1, AUTH_KEY))
								.message(3, unsampled.encode())),
					broken("a short authentication key",
							new ProtobufWriter().message(1, new ProtobufWriter().bytes(1, new byte[31]).uint32(3, 1))
								.message(3, unsampled.encode())),
					broken("direction 2", new ProtobufWriter().message(1,
							new ProtobufWriter().bytes(1, AUTH_KEY).uint32(2, 2).uint32(3, 1))
						.message(3, unsampled.encode())),
					broken("epoch 0", state(started, new KeysUnsampled(0, AUTHENTICATOR).encode())),
					broken("no authenticator",
							state(started,
									new ProtobufWriter().message(1,
											new ProtobufWriter().message(1, new ProtobufWriter().uint64(1, 1))))),
					broken("a short MAC key",
							state(started,
									new KeysUnsampled(1, new Authenticator(new byte[32], new byte[31])).encode())),
					broken("the initiator on the ciphertext side", state(started, unheard.encode())),
					broken("the responder on the key side", state(responder, unsampled.encode())),
					broken("an exchange ahead of the chain",
							state(started, new KeysUnsampled(3, AUTHENTICATOR).encode())),
					broken("a chain ahead of the exchange", state(second, unheard.encode())),
					broken("sending ahead of the exchange",
							state(second.takeSendKey(1).next(),
									new Ct2Sampled(1, AUTHENTICATOR, ErasureEncoder.of(new byte[160])).encode())),
					broken("a short root",
							state(new KeyChain(A, 0, 0, new byte[31], Limits.DEFAULT, started.links()),
									unsampled.encode())),
					broken("no links", state(new KeyChain(A, 0, 0, new byte[32], Limits.DEFAULT, List.of()),
							unsampled.encode())),
					broken("four links", state(new KeyChain(A, 2, 2, new byte[32], Limits.DEFAULT,
							List.of(started.links().get(0), started.links().get(0), started.links().get(0),
									started.links().get(0))),
							new KeysUnsampled(3, AUTHENTICATOR).encode())),
					broken("sending keys erased",
							state(new KeyChain(A, 0, 0, new byte[32], Limits.DEFAULT,
									List.of(started.links().get(0).withoutSending())), unsampled.encode())),
					broken("no receiving keys", state(
							new KeyChain(A, 0, 0, new byte[32], Limits.DEFAULT,
									List.of(new KeyChain.Link(started.links().get(0).send(),
											started.links().get(0).receive().withoutChainKey()))),
							unsampled.encode())),
					broken("a short chain key",
							state(new KeyChain(
									A, 0, 0, new byte[32], Limits.DEFAULT, List.of(
											new KeyChain.Link(ChainKeyStream.start(new byte[31]),
													started.links().get(0).receive()))),
									unsampled.encode())),
					broken("half a skipped key", state(
							new KeyChain(A, 0, 0, new byte[32], Limits.DEFAULT,
									List.of(new KeyChain.Link(started.links().get(0).send(),
											new ChainKeyStream(1, new byte[32], new SkippedKeys(new byte[18]))))),
							unsampled.encode())),
					broken("a limit of 32 bits",
							state(KeyChain.start(A, AUTH_KEY, new Limits(30, -1)), unsampled.encode())),
					broken("an absurd limit",
							state(KeyChain.start(A, AUTH_KEY, new Limits(30, Integer.MAX_VALUE)), unsampled.encode())),
					broken("a short key vector",
							state(started,
									new KeysSampled(1, AUTHENTICATOR, new byte[1151], new byte[2400], HEADER_ENCODER)
										.encode())),
					broken("a short decapsulation key",
							state(started,
									new HeaderSent(1, AUTHENTICATOR, new byte[2399], KEY_ENCODER, CT1_DECODER)
										.encode())),
					broken("a short header", state(responder,
							new HeaderReceived(1, AUTHENTICATOR, new byte[63]).encode())),
					broken("a short ciphertext",
							state(started,
									new Ct1Received(1, AUTHENTICATOR, new byte[2400], new byte[959], KEY_ENCODER)
										.encode())),
					broken("a short encapsulation",
							state(second,
									new ProtobufWriter().message(Ct1Acknowledged.FIELD,
											new ProtobufWriter()
												.message(1,
														new KeysUnsampled(1, AUTHENTICATOR).encodeCore()
															.bytes(3, new byte[64])
															.bytes(4, new byte[2079])
															.bytes(5, new byte[960]))
												.message(2, ErasureDecoder.forLength(1152).encode())))),
					broken("an encoder of another payload",
							state(started,
									new KeysSampled(1, AUTHENTICATOR, new byte[1152], new byte[2400], KEY_ENCODER)
										.encode())),
					broken("an encoder with 15 polynomials", state(second, ct2Sampled(encoder(0, 15)))),
					broken("an encoder with 17 polynomials", state(second, ct2Sampled(encoder(0, 17)))),
					broken("an encoder of both forms", state(second, ct2Sampled(encoder(1, 15)))),
					broken("a decoder of another payload",
							state(started,
									new HeaderSent(1, AUTHENTICATOR, new byte[2400], KEY_ENCODER,
											ErasureDecoder.forLength(1152))
										.encode())),
					broken("a decoder with 15 polynomials",
							state(responder, noHeaderReceived(decoder(15, "00010000")))),
					broken("a decoder with 17 polynomials",
							state(responder, noHeaderReceived(decoder(17, "00010000")))),
					broken("a decoder with half a point", state(responder, noHeaderReceived(decoder(16, "0001")))),
					broken("a decoder with points out of order",
							state(responder, noHeaderReceived(decoder(16, "0002000000010000")))),
					broken("a decoder with a point twice",
							state(responder, noHeaderReceived(decoder(16, "0001000000010000")))),
					broken("a field of another wire type",
							state(started, new ProtobufWriter().uint64(KeysUnsampled.FIELD, 1))));
	}

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 1, 2, 3 })
	void randomBytesAreRefused(long seed) {
		Random random = new Random(seed);
		for (int i = 0; i < 5_000; i++) {
			byte[] blob = new byte[random.nextInt(300)];
			random.nextBytes(blob);
			assertRefused(blob);
		}
	}

	/** A change that is not noticed must still leave a state that works. */
	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 1, 2, 3 })
	void aDamagedStateIsRefusedOrStillUsable(long seed) {
		Random random = new Random(seed);
		for (JsonNode vector : Vectors.section("states")) {
			byte[] blob = Vectors.bytes(vector, "blob");
			for (int i = 0; i < 500; i++) {
				byte[] damaged = damaged(random, blob);
				SpqrState state = decodedOrRefused(damaged);
				if (state != null) {
					assertThat(state.send(new SeededRandom(seed)).key()).hasSize(32);
					assertThat(SpqrState.decode(state.encode()).encode()).isEqualTo(state.encode());
				}
			}
		}
	}

	private static byte[] damaged(Random random, byte[] blob) {
		byte[] damaged = Arrays.copyOf(blob, (random.nextInt(4) > 0) ? blob.length : random.nextInt(blob.length));
		for (int j = random.nextInt(3); j >= 0 && damaged.length > 0; j--) {
			// The structure is at the front of each message, mostly within the first
			// bytes.
			int range = random.nextBoolean() ? damaged.length : Math.min(damaged.length, 200);
			damaged[random.nextInt(range)] ^= (byte) (1 << random.nextInt(8));
		}
		return damaged;
	}

	private static @Nullable SpqrState decodedOrRefused(byte[] blob) {
		try {
			return SpqrState.decode(blob);
		}
		catch (SpqrException ex) {
			assertThat(ex.reason()).isEqualTo(Reason.STATE_DECODE);
			return null;
		}
	}

	private static DynamicTest broken(String what, ProtobufWriter state) {
		byte[] blob = state.toByteArray();
		return DynamicTest.dynamicTest(what, () -> assertRefused(blob));
	}

	private static void assertRefused(byte[] blob) {
		assertThatExceptionOfType(SpqrException.class).isThrownBy(() -> SpqrState.decode(blob))
			.extracting(SpqrException::reason)
			.isEqualTo(Reason.STATE_DECODE);
	}

	private static ProtobufWriter state(KeyChain chain, ProtobufWriter exchange) {
		return new ProtobufWriter().message(2, chain.encode()).message(3, exchange);
	}

	private static ProtobufWriter ct2Sampled(ProtobufWriter encoder) {
		ProtobufWriter core = new KeysUnsampled(1, AUTHENTICATOR).encodeCore();
		return new ProtobufWriter().message(Ct2Sampled.FIELD,
				new ProtobufWriter().message(1, core).message(2, encoder));
	}

	private static ProtobufWriter encoder(int coefficients, int values) {
		ProtobufWriter writer = new ProtobufWriter();
		for (int i = 0; i < values; i++) {
			writer.bytes(2, new byte[10]);
		}
		for (int i = 0; i < coefficients; i++) {
			writer.bytes(3, new byte[10]);
		}
		return writer;
	}

	private static ProtobufWriter noHeaderReceived(ProtobufWriter decoder) {
		ProtobufWriter core = new KeysUnsampled(1, AUTHENTICATOR).encodeCore();
		return new ProtobufWriter().message(NoHeaderReceived.FIELD,
				new ProtobufWriter().message(1, core).message(2, decoder));
	}

	private static ProtobufWriter decoder(int polynomials, String points) {
		ProtobufWriter writer = new ProtobufWriter().uint32(1, 48).uint32(2, 16);
		for (int i = 0; i < polynomials; i++) {
			writer.bytes(3, Vectors.bytes(points));
		}
		return writer;
	}

	private static Stream<DynamicTest> vectors(Predicate<JsonNode> filter, Consumer<JsonNode> test) {
		return Vectors.elements(Vectors.section("states"))
			.filter(filter)
			.map((vector) -> DynamicTest.dynamicTest(vector.required("state").asString(), () -> test.accept(vector)));
	}

}
