package com.pacerelle.client.connect;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Binds the completion of an installation to the browser that began it (RFC 6749 section
 * 10.12, RFC 7636). Both are secret, for one use, and kept where only the browser that
 * began can reach them, such as its session.
 *
 * @param state comes back with the code: 32 random bytes in base64url
 * @param codeVerifier is shown to get a token for the code: 64 random bytes in base64url
 */
public record AuthorizationSecrets(String state, String codeVerifier) implements Serializable {

	private static final int STATE_BYTES = 32;

	private static final int VERIFIER_BYTES = 64;

	/**
	 * Makes new ones.
	 * @param random where they come from
	 * @return the secrets
	 */
	public static AuthorizationSecrets generate(SecureRandom random) {
		return new AuthorizationSecrets(base64Url(random, STATE_BYTES), base64Url(random, VERIFIER_BYTES));
	}

	/**
	 * Compares in constant time.
	 * @param state a state that came back
	 * @return whether it is this one
	 */
	public boolean hasState(String state) {
		return MessageDigest.isEqual(state.getBytes(StandardCharsets.UTF_8),
				this.state.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * What the relay knows of the verifier (RFC 7636 section 4.2, S256).
	 */
	String codeChallenge() {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256")
				.digest(this.codeVerifier.getBytes(StandardCharsets.US_ASCII));
			return base64Url(digest);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JDK has SHA-256", ex);
		}
	}

	private static String base64Url(SecureRandom random, int length) {
		byte[] bytes = new byte[length];
		random.nextBytes(bytes);
		return base64Url(bytes);
	}

	private static String base64Url(byte[] bytes) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
	}

	@Override
	public String toString() {
		return "AuthorizationSecrets[***]";
	}

}
