package com.pacerelle.signal.crypto;

import org.bouncycastle.math.ec.rfc7748.X25519;

/**
 * X25519 of BouncyCastle's lightweight API, which needs no key objects and multiplies the
 * base point with a table.
 */
final class BouncyCastleX25519 implements X25519Function {

	@Override
	public void publicKey(byte[] privateKey, byte[] target, int offset) {
		X25519.generatePublicKey(privateKey, 0, target, offset);
	}

	@Override
	public boolean agree(byte[] privateKey, byte[] publicKey, int offset, byte[] shared) {
		return X25519.calculateAgreement(privateKey, 0, publicKey, offset, shared, 0);
	}

}
