package com.pacerelle.client.encryption;

import java.util.HexFormat;

import com.pacerelle.client.codec.Digests;
import com.pacerelle.signal.EcPublicKey;

/**
 * What people compare to know that an identity is the right one (gateway.md section 2.2).
 */
public final class VerificationCode {

	private VerificationCode() {
	}

	/**
	 * The code of an identity.
	 * @param identity the identity key
	 * @return upper-case hex digits in groups of four
	 */
	public static String of(EcPublicKey identity) {
		byte[] digest = Digests.sha256(identity.encode());
		return HexFormat.of().withUpperCase().formatHex(digest).replaceAll("(.{4})(?=.)", "$1 ");
	}

}
