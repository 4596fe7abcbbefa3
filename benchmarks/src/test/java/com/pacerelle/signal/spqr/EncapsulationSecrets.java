package com.pacerelle.signal.spqr;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Consumer;

import com.pacerelle.signal.spqr.IncrementalMlKem768.Encapsulation;
import com.pacerelle.signal.spqr.IncrementalMlKem768.KeyPair;

/**
 * What computes with the secrets of ML-KEM, for measurements.
 */
public final class EncapsulationSecrets {

	private static final KeyPair KEYS = IncrementalMlKem768.generateKeyPair(new SecureRandom());

	private static final byte[] CIPHERTEXT = encapsulated();

	private static volatile Object result = KEYS;

	private EncapsulationSecrets() {
	}

	/**
	 * The first part of an encapsulation.
	 * @return takes the message, from which all secrets come
	 */
	public static Consumer<byte[]> firstPart() {
		return (message) -> result = IncrementalMlKem768.encapsulate(KEYS.header(), new Drawn(message));
	}

	/**
	 * The second part of an encapsulation.
	 * @return takes the message, with the other secrets of a random encapsulation
	 */
	public static Consumer<byte[]> secondPart() {
		byte[] state = IncrementalMlKem768.encapsulate(KEYS.header(), new SecureRandom()).state().packed();
		return (message) -> {
			byte[] packed = state.clone();
			System.arraycopy(message, 0, packed, packed.length - message.length, message.length);
			result = IncrementalMlKem768.completeEncapsulation(EncapsulationState.ofStored(packed), KEYS.keyVector());
		};
	}

	/**
	 * A ciphertext that the key opens.
	 * @return both parts
	 */
	public static byte[] ciphertext() {
		return CIPHERTEXT.clone();
	}

	/**
	 * A decapsulation.
	 * @return takes both parts of a ciphertext
	 */
	public static Consumer<byte[]> decapsulation() {
		return (ciphertext) -> result = IncrementalMlKem768.decapsulate(KEYS.decapsulationKey(),
				Arrays.copyOf(ciphertext, IncrementalMlKem768.CT1_SIZE),
				Arrays.copyOfRange(ciphertext, IncrementalMlKem768.CT1_SIZE, ciphertext.length));
	}

	private static byte[] encapsulated() {
		Encapsulation encapsulation = IncrementalMlKem768.encapsulate(KEYS.header(), new SecureRandom());
		byte[] second = IncrementalMlKem768.completeEncapsulation(encapsulation.state(), KEYS.keyVector());
		byte[] ciphertext = Arrays.copyOf(encapsulation.ct1(), encapsulation.ct1().length + second.length);
		System.arraycopy(second, 0, ciphertext, encapsulation.ct1().length, second.length);
		return ciphertext;
	}

	/**
	 * Draws what is given.
	 */
	private static final class Drawn extends SecureRandom {

		private static final long serialVersionUID = 1L;

		private final transient byte[] bytes;

		Drawn(byte[] bytes) {
			this.bytes = bytes;
		}

		@Override
		public void nextBytes(byte[] target) {
			System.arraycopy(this.bytes, 0, target, 0, target.length);
		}

	}

}
