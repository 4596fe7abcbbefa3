package com.pacerelle.signal.session;

import java.util.Arrays;
import java.util.Random;

import com.pacerelle.signal.SeededRandom;
import com.pacerelle.signal.SignalProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Random runs between two endpoints of this library. A failure tells its seed.
 */
class SessionPropertyTests {

	@ParameterizedTest
	@ValueSource(doubles = { 0, 0.1, 0.3, 0.6 })
	void whateverArrivesIsReadOnce(double loss) {
		long seed = new Random().nextLong();
		RandomNetwork network = network(seed);
		network.lose(loss);
		network.reorder(1 + new Random(seed).nextInt(30));
		network.repeat(0.2);
		network.run(1500);
	}

	@Test
	void restartsAreNotNoticed() {
		RandomNetwork network = network(new Random().nextLong());
		network.lose(0.2);
		network.reorder(10);
		network.restart();
		network.run(500);
	}

	private static RandomNetwork network(long seed) {
		OwnEndpoint initiator = new OwnEndpoint(1, new SeededRandom(seed));
		OwnEndpoint responder = new OwnEndpoint(2, new SeededRandom(seed + 1));
		initiator.process(responder.bundle());
		return new RandomNetwork(new Conversation(initiator, responder), seed);
	}

	@Test
	void garbageIsRefusedAndChangesNothing() {
		long seed = new Random().nextLong();
		Random random = new Random(seed);
		Person alice = new Person("alice");
		Person bob = new Person("bob");
		alice.process(bob);
		byte[] first = alice.encrypt(bob, "first");
		for (int i = 0; i < 300; i++) {
			assertRefused(bob, alice, random, first, seed);
		}
		bob.decrypt(alice, first);
		alice.decrypt(bob, bob.encrypt(alice, "answer"));
		byte[] second = alice.encrypt(bob, "second");
		for (int i = 0; i < 1000; i++) {
			assertRefused(bob, alice, random, second, seed);
		}
		assertThat(bob.decrypt(alice, second)).isEqualTo("second");
	}

	private static void assertRefused(Person receiver, Person sender, Random random, byte[] frame, long seed) {
		byte[] garbage = garbage(random, frame);
		SessionCipher cipher = receiver.cipher();
		byte[][] plaintext = new byte[1][];
		Throwable refusal = catchThrowable(() -> plaintext[0] = cipher.decrypt(sender.address, garbage));
		if (refusal == null) {
			// Some parts of a first message have no meaning, so that a change of them is
			// not noticed.
			assertThat(SessionCipher.isPreKeyMessage(garbage)).as("seed " + seed).isTrue();
			assertThat(plaintext[0]).as("seed " + seed).asString().isEqualTo("first");
		}
		else {
			assertThat(refusal).as("seed " + seed).isInstanceOf(SignalProtocolException.class);
			assertThat(cipher.changes()).as("seed " + seed).isEmpty();
		}
	}

	private static byte[] garbage(Random random, byte[] frame) {
		switch (random.nextInt(4)) {
			case 0 -> {
				byte[] flipped = frame.clone();
				flipped[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
				return flipped;
			}
			case 1 -> {
				return Arrays.copyOf(frame, random.nextInt(frame.length));
			}
			case 2 -> {
				byte[] mixed = frame.clone();
				int from = random.nextInt(frame.length);
				byte[] noise = new byte[Math.min(1 + random.nextInt(20), frame.length - from)];
				random.nextBytes(noise);
				System.arraycopy(noise, 0, mixed, from, noise.length);
				// The noise may be what was there.
				mixed[frame.length - 1] = (byte) (frame[frame.length - 1] ^ 1);
				return mixed;
			}
			default -> {
				byte[] noise = new byte[2 + random.nextInt(200)];
				random.nextBytes(noise);
				noise[0] = (byte) (1 + random.nextInt(2));
				noise[1] = 0x44;
				return noise;
			}
		}
	}

}
