package com.pacerelle.signal.ratchet;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.MalformedKeyException;
import com.pacerelle.signal.crypto.Hkdf;

/**
 * The root of a session's chains: KDF_RK of "The Double Ratchet Algorithm" (signal.org;
 * signal.md section 7.1).
 *
 * @param key 32 secret bytes
 */
public record RootKey(byte[] key) {

	private static final byte[] INFO = "WhisperRatchet".getBytes(StandardCharsets.US_ASCII);

	/**
	 * Makes a Diffie-Hellman ratchet step: {@code HKDF(salt = root, X25519(ours, theirs),
	 * "WhisperRatchet", 64)}, half of it the next root, half of it the new chain.
	 * @param ours the own ratchet key
	 * @param theirs the peer's ratchet key
	 * @return the root that follows and a new chain
	 * @throws MalformedKeyException if the peer's key is of low order
	 */
	Step step(EcKeyPair ours, EcPublicKey theirs) {
		byte[] secret = ours.agree(theirs);
		byte[] derived = Hkdf.derive(this.key, secret, INFO, 64);
		try {
			return new Step(new RootKey(Arrays.copyOfRange(derived, 0, 32)),
					new ChainKey(Arrays.copyOfRange(derived, 32, 64), 0));
		}
		finally {
			Arrays.fill(secret, (byte) 0);
			Arrays.fill(derived, (byte) 0);
		}
	}

	/**
	 * The outcome of a step.
	 *
	 * @param root the next root
	 * @param chain the new chain
	 */
	record Step(RootKey root, ChainKey chain) {
	}

}
