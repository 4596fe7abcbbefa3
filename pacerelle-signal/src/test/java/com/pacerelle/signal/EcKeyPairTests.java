package com.pacerelle.signal;

import java.util.Arrays;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Pairs of keys and what can be done with them. The seeds are the numbers of the
 * repetitions.
 */
class EcKeyPairTests {

	@RepeatedTest(20)
	void signaturesAreVerifiedAndTamperedOnesAreNot(RepetitionInfo repetition) {
		SeededRandom random = new SeededRandom(repetition.getCurrentRepetition());
		EcKeyPair signer = EcKeyPair.generate(random);
		byte[] message = new byte[repetition.getCurrentRepetition()];
		random.nextBytes(message);
		byte[] signature = signer.sign(message, random);
		assertThat(signer.publicKey().verify(message, signature)).isTrue();
		for (int position = 0; position < signature.length; position++) {
			byte[] tampered = signature.clone();
			tampered[position] ^= 1;
			assertThat(signer.publicKey().verify(message, tampered)).isFalse();
		}
		message[0] ^= 1;
		assertThat(signer.publicKey().verify(message, signature)).isFalse();
	}

	@Test
	void privateKeysAreClamped() {
		byte[] ones = new byte[32];
		Arrays.fill(ones, (byte) 0xFF);
		byte[] clamped = EcKeyPair.decode(ones).encodePrivateKey();
		assertThat(clamped[0]).isEqualTo((byte) 0xF8);
		assertThat(clamped[31]).isEqualTo((byte) 0x7F);
	}

	@Test
	void aDestroyedPairKeepsOnlyItsPublicKey() {
		EcKeyPair pair = EcKeyPair.generate(new SeededRandom(1));
		byte[] privateKey = pair.privateKey();
		pair.destroy();
		assertThat(pair.isDestroyed()).isTrue();
		assertThat(privateKey).containsOnly(0);
		assertThat(pair.publicKey()).isNotNull();
		assertThatIllegalStateException().isThrownBy(pair::encodePrivateKey);
	}

	@Test
	void keysAreEqualByTheirBytes() {
		EcKeyPair pair = EcKeyPair.generate(new SeededRandom(1));
		EcKeyPair same = EcKeyPair.decode(pair.encodePrivateKey());
		EcKeyPair other = EcKeyPair.generate(new SeededRandom(2));
		assertThat(pair).isEqualTo(same).hasSameHashCodeAs(same).isNotEqualTo(other);
		assertThat(pair.publicKey()).isEqualTo(same.publicKey()).isNotEqualTo(other.publicKey());
	}

	@Test
	void changingWhatWasEncodedDoesNotChangeTheKey() {
		EcPublicKey key = EcKeyPair.generate(new SeededRandom(1)).publicKey();
		key.encode()[1] ^= 1;
		assertThat(key).isEqualTo(EcKeyPair.generate(new SeededRandom(1)).publicKey());
	}

}
