package com.pacerelle.signal;

import java.security.SecureRandom;
import java.util.Arrays;

import javax.security.auth.Destroyable;

import com.pacerelle.signal.crypto.Primitives;
import com.pacerelle.signal.crypto.XEdDsa;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.jspecify.annotations.Nullable;

/**
 * A Curve25519 key pair (RFC 7748; signal.md section 3.1). Pairs are equal if their
 * public keys are. After {@link #destroy()} only the public key can be used.
 */
public final class EcKeyPair implements Destroyable {

	private static final int LENGTH = 32;

	private final byte[] privateKey;

	/** Derived when it is first asked for: an agreement does without it. */
	private volatile @Nullable EcPublicKey publicKey;

	private volatile boolean destroyed;

	private EcKeyPair(byte[] privateKey, @Nullable EcPublicKey publicKey) {
		this.privateKey = privateKey;
		this.publicKey = publicKey;
	}

	/**
	 * Generates a new pair.
	 * @param random draws 32 bytes
	 * @return the pair
	 */
	public static EcKeyPair generate(SecureRandom random) {
		byte[] privateKey = new byte[LENGTH];
		random.nextBytes(privateKey);
		X25519.clampPrivateKey(privateKey);
		return new EcKeyPair(privateKey, null);
	}

	/**
	 * Reads a stored pair. That costs no multiplication unless the public half is needed.
	 * @param privateKey 32 bytes, clamped here if they are not (RFC 7748, section 5)
	 * @return the pair
	 * @throws MalformedKeyException if there are not 32 bytes
	 */
	public static EcKeyPair decode(byte[] privateKey) {
		return new EcKeyPair(clamped(privateKey), null);
	}

	/**
	 * Reads a stored pair whose public half is stored as well, which spares its
	 * computation.
	 * @param privateKey 32 bytes
	 * @param publicKey the public half, trusted to be the right one
	 * @return the pair
	 */
	public static EcKeyPair decode(byte[] privateKey, EcPublicKey publicKey) {
		return new EcKeyPair(clamped(privateKey), publicKey);
	}

	private static byte[] clamped(byte[] privateKey) {
		if (privateKey.length != LENGTH) {
			throw new MalformedKeyException("A private key has 32 bytes, but these are " + privateKey.length);
		}
		byte[] clamped = privateKey.clone();
		X25519.clampPrivateKey(clamped);
		return clamped;
	}

	/**
	 * The public half.
	 * @return the public key
	 */
	public EcPublicKey publicKey() {
		EcPublicKey derived = this.publicKey;
		if (derived == null) {
			derived = EcPublicKey.of(privateKey());
			this.publicKey = derived;
		}
		return derived;
	}

	/**
	 * The private half, to be stored.
	 * @return a copy of the 32 secret bytes
	 * @throws IllegalStateException if the pair was destroyed
	 */
	public byte[] encodePrivateKey() {
		return privateKey().clone();
	}

	/**
	 * The private half without a copy.
	 * @return the 32 secret bytes, not to be changed
	 */
	byte[] privateKey() {
		if (this.destroyed) {
			throw new IllegalStateException("The key pair was destroyed");
		}
		return this.privateKey;
	}

	/**
	 * Computes {@code X25519(private, public)} (RFC 7748, sections 5 and 6.1; signal.md
	 * section 3.2).
	 * @param theirs the other party's key
	 * @return 32 secret bytes, for the caller to erase
	 * @throws MalformedKeyException if the result is zero, as with every key of low order
	 */
	public byte[] agree(EcPublicKey theirs) {
		byte[] shared = new byte[LENGTH];
		if (!Primitives.current().agree(privateKey(), theirs.encoded(), 1, shared)) {
			throw new MalformedKeyException("A public key of low order was refused");
		}
		return shared;
	}

	/**
	 * Signs a message (signal.md section 3.4).
	 * @param message the message
	 * @param random draws 64 bytes
	 * @return 64 bytes
	 */
	byte[] sign(byte[] message, SecureRandom random) {
		return XEdDsa.sign(privateKey(), message, random);
	}

	@Override
	public void destroy() {
		publicKey();
		this.destroyed = true;
		Arrays.fill(this.privateKey, (byte) 0);
	}

	@Override
	public boolean isDestroyed() {
		return this.destroyed;
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof EcKeyPair pair && publicKey().equals(pair.publicKey());
	}

	@Override
	public int hashCode() {
		return publicKey().hashCode();
	}

	@Override
	public String toString() {
		return "EcKeyPair[redacted]";
	}

}
