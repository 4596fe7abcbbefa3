package com.pacerelle.signal;

import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import com.pacerelle.signal.protobuf.ProtobufWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

/**
 * The table of signal.md section 18: one change at a time, and a MAC that fits it.
 */
class CraftedMessageTests {

	private static final ProtocolAddress PEER = ProtocolAddress.of("human:u1:c1");

	private final SeededRandom random = new SeededRandom(1);

	private final InMemorySignalStore store = new InMemorySignalStore(EcKeyPair.generate(this.random), 9);

	@ParameterizedTest
	@MethodSource
	void acceptedMessages(Consumer<ForgedMessage> change) {
		byte[] frame = forge(change);
		assertThat(cipher().decrypt(PEER, frame)).asString().isEqualTo(ForgedMessage.TEXT);
	}

	static List<Arguments> acceptedMessages() {
		return List.of(accepted("nothing", (message) -> {
		}), accepted("low nibble of the inner version", (message) -> message.innerVersion = 0x4F),
				accepted("low nibble of the outer version", (message) -> message.outerVersion = 0x40),
				accepted("unknown fields",
						(message) -> message.extra.uint32(17, 1).bytes(18, new byte[3]).uint64(536_870_911, -1L)),
				accepted("reversed order", (message) -> message.reversed = true),
				accepted("duplicate counter",
						(message) -> message.counter = new ProtobufWriter().uint32(2, 5).uint32(2, 0)),
				accepted("counter with bits above the 32nd",
						(message) -> message.counter = new ProtobufWriter().uint64(2, 7L << 32)),
				accepted("previous counter absent", (message) -> message.previousCounter = new ProtobufWriter()),
				accepted("ratchet key with trailing bytes",
						(message) -> message.ratchetKey = Arrays.copyOf(message.ratchetKey, 40)),
				accepted("base key with trailing bytes",
						(message) -> message.baseKey = Arrays.copyOf(message.baseKey, 34)),
				accepted("registration id absent", (message) -> message.registrationId = null),
				accepted("registration id altered", (message) -> message.registrationId = -1));
	}

	private static Arguments accepted(String name, Consumer<ForgedMessage> change) {
		return argumentSet(name, change);
	}

	@ParameterizedTest
	@MethodSource
	void refusedMessages(Consumer<ForgedMessage> change, Class<? extends SignalProtocolException> expected) {
		byte[] frame = forge(change);
		SessionCipher cipher = cipher();
		assertThat(catchThrowable(() -> cipher.decrypt(PEER, frame))).isExactlyInstanceOf(expected);
		assertThat(cipher.changes()).isEmpty();
		byte[] honest = forge((message) -> {
		});
		assertThat(cipher.decrypt(ProtocolAddress.of("somebody else"), honest)).asString()
			.isEqualTo(ForgedMessage.TEXT);
	}

	static Stream<Arguments> refusedMessages() {
		return Stream.of(postQuantumParts(), messageFields(), preKeyMessageFields(), baseKeys()).flatMap(List::stream);
	}

	private static List<Arguments> postQuantumParts() {
		return List.of(invalid("SPQR absent", (message) -> message.pqRatchet = new byte[0]),
				invalid("SPQR version 0", (message) -> message.pqRatchet[0] = 0),
				invalid("SPQR truncated", (message) -> message.pqRatchet = Arrays.copyOf(message.pqRatchet, 20)),
				invalid("SPQR version 2", (message) -> {
					message.pqRatchet[0] = 2;
					message.usePqrKey(new byte[32]);
				}), invalid("SPQR index 0", (message) -> {
					message.pqRatchet[2] = 0;
					message.usePqrKey(new byte[32]);
				}), invalid("no SPQR key in the message keys", (message) -> message.usePqrKey(new byte[32])));
	}

	private static List<Arguments> messageFields() {
		return List.of(invalid("inner version 3", (message) -> message.innerVersion = 0x34),
				malformed("inner version 5", (message) -> message.innerVersion = 0x54),
				malformed("inner version 2", (message) -> message.innerVersion = 0x24),
				malformed("counter absent", (message) -> message.counter = new ProtobufWriter()),
				malformed("counter with wrong wire type",
						(message) -> message.counter = new ProtobufWriter().bytes(2, new byte[1])),
				malformed("ratchet key of 32 bytes",
						(message) -> message.ratchetKey = Arrays.copyOf(message.ratchetKey, 32)),
				malformed("ratchet key of wrong type", (message) -> message.ratchetKey[0] = 6),
				invalid("ratchet key of zeros", (message) -> Arrays.fill(message.ratchetKey, 1, 33, (byte) 0)),
				invalid("MAC with swapped identities", (message) -> {
					EcPublicKey sender = message.sender;
					message.sender = message.receiver;
					message.receiver = sender;
				}), malformed("MAC of 32 bytes", (message) -> message.macLength = 32),
				malformed("MAC of 7 bytes", (message) -> message.macLength = 7),
				invalid("bad padding", (message) -> message.ciphertext = encryptWithoutPadding(message.keys())),
				invalid("empty ciphertext", (message) -> message.ciphertext = new byte[0]),
				invalid("ciphertext of 15 bytes", (message) -> message.ciphertext = new byte[15]),
				invalid("empty addresses", (message) -> message.extra.bytes(6, new byte[0])),
				invalid("addresses", (message) -> message.extra.bytes(6, new byte[36])));
	}

	private static List<Arguments> preKeyMessageFields() {
		return List.of(invalid("outer version 3", (message) -> message.outerVersion = 0x34),
				malformed("outer version 5", (message) -> message.outerVersion = 0x54),
				malformed("outer version 2", (message) -> message.outerVersion = 0x24),
				invalid("one-time prekey id removed", (message) -> message.oneTimePreKeyId = null),
				unknown("unknown one-time prekey", (message) -> message.oneTimePreKeyId = 99),
				unknown("unknown signed prekey", (message) -> message.signedPreKeyId = 99),
				unknown("unknown Kyber prekey", (message) -> message.kyberPreKeyId = 99),
				malformed("signed prekey id absent", (message) -> message.signedPreKeyId = null),
				malformed("Kyber fields absent", (message) -> {
					message.kyberPreKeyId = null;
					message.kyberCiphertext = null;
				}), malformed("only the Kyber id", (message) -> message.kyberCiphertext = null),
				malformed("only the Kyber ciphertext", (message) -> message.kyberPreKeyId = null),
				invalid("Kyber ciphertext truncated",
						(message) -> message.kyberCiphertext = Arrays.copyOf(message.kyberCiphertext, 1568)),
				invalid("Kyber ciphertext of another type", (message) -> message.kyberCiphertext[0] = 0x0A),
				invalid("Kyber ciphertext with a flipped bit", (message) -> message.kyberCiphertext[700] ^= 1),
				malformed("identity key of wrong type", (message) -> message.identityKey[0] = 0),
				invalid("identity key of zeros", (message) -> Arrays.fill(message.identityKey, 1, 33, (byte) 0)));
	}

	private static List<Arguments> baseKeys() {
		HexFormat hex = HexFormat.of();
		return List.of(invalid("base key with top bit", (message) -> message.baseKey[32] |= (byte) 0x80),
				invalid("base key of zeros", (message) -> Arrays.fill(message.baseKey, 1, 33, (byte) 0)),
				invalid("base key on the twist",
						(message) -> message.baseKey = hex
							.parseHex("050200000000000000000000000000000000000000000000000000000000000000")),
				invalid("base key of order 8",
						(message) -> message.baseKey = hex
							.parseHex("055f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")),
				malformed("base key of wrong type", (message) -> message.baseKey[0] = 8));
	}

	private static Arguments invalid(String name, Consumer<ForgedMessage> change) {
		return argumentSet(name, change, InvalidMessageException.class);
	}

	private static Arguments malformed(String name, Consumer<ForgedMessage> change) {
		return argumentSet(name, change, MalformedMessageException.class);
	}

	private static Arguments unknown(String name, Consumer<ForgedMessage> change) {
		return argumentSet(name, change, UnknownPreKeyException.class);
	}

	private byte[] forge(Consumer<ForgedMessage> change) {
		SignedPreKey signedPreKey = SignedPreKey.generate(1, this.store.identityKeyPair(), this.random);
		KyberPreKey kyberPreKey = KyberPreKey.generate(2, this.store.identityKeyPair(), this.random);
		OneTimePreKey oneTimePreKey = OneTimePreKey.generate(3, this.random);
		this.store.add(signedPreKey);
		this.store.add(kyberPreKey);
		this.store.add(oneTimePreKey);
		ForgedMessage message = new ForgedMessage(PreKeyBundle.of(this.store.registrationId(),
				this.store.identityKeyPair().publicKey(), signedPreKey, kyberPreKey, oneTimePreKey), this.random);
		change.accept(message);
		return message.frame();
	}

	private SessionCipher cipher() {
		return new SessionCipher(this.store, this.random, Clock.systemUTC());
	}

	private static byte[] encryptWithoutPadding(MessageKeys keys) {
		try {
			Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
			cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(keys.cipherKey(), "AES"),
					new IvParameterSpec(keys.iv()));
			return cipher.doFinal(new byte[16]);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
