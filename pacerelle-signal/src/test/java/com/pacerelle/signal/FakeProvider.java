package com.pacerelle.signal;

import java.security.DigestException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyFactorySpi;
import java.security.MessageDigest;
import java.security.MessageDigestSpi;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import javax.crypto.KeyAgreement;
import javax.crypto.KeyAgreementSpi;
import javax.crypto.Mac;
import javax.crypto.MacSpi;
import javax.crypto.SecretKey;

/**
 * A provider that a test puts together from services that pass on to the JDK's, count
 * their calls, cannot be cloned, and may be wrong.
 */
public final class FakeProvider extends Provider {

	private static final long serialVersionUID = 1L;

	private final transient AtomicInteger calls = new AtomicInteger();

	/**
	 * Creates a provider without services.
	 */
	public FakeProvider() {
		super("Fake", "1", "for tests");
	}

	/**
	 * How often its services computed something.
	 * @return the number of results
	 */
	public int calls() {
		return this.calls.get();
	}

	/**
	 * Adds X25519.
	 * @return this provider
	 */
	public FakeProvider withX25519() {
		add("KeyFactory", "XDH", FakeKeyFactory::new);
		add("KeyAgreement", "XDH", () -> new FakeKeyAgreement(false));
		return this;
	}

	/**
	 * Adds an X25519 that gives a secret for keys of low order.
	 * @return this provider
	 */
	public FakeProvider withX25519ThatAcceptsAllKeys() {
		add("KeyFactory", "X25519", FakeKeyFactory::new);
		add("KeyAgreement", "X25519", () -> new FakeKeyAgreement(true));
		return this;
	}

	/**
	 * Adds HMAC-SHA256.
	 * @param flip what every result is changed by; 0 to compute what the JDK does
	 * @return this provider
	 */
	public FakeProvider withHmac(int flip) {
		add("Mac", "HmacSHA256", () -> new FakeMac(flip));
		return this;
	}

	/**
	 * Adds SHA-256.
	 * @return this provider
	 */
	public FakeProvider withSha256() {
		add("MessageDigest", "SHA-256", FakeDigest::new);
		return this;
	}

	/**
	 * Adds what the protocol has no use for.
	 * @return this provider
	 */
	public FakeProvider withMd5() {
		add("MessageDigest", "MD5", FakeDigest::new);
		return this;
	}

	private void add(String type, String algorithm, Supplier<Object> service) {
		putService(new Service(this, type, algorithm, FakeProvider.class.getName(), null, null) {

			@Override
			public Object newInstance(Object parameter) {
				return service.get();
			}

			@Override
			public boolean supportsParameter(Object parameter) {
				return true;
			}

		});
	}

	private static <T> T jdk(Call<T> call) {
		try {
			return call.run();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private interface Call<T> {

		T run() throws Exception;

	}

	private final class FakeKeyAgreement extends KeyAgreementSpi {

		private final KeyAgreement agreement = jdk(() -> KeyAgreement.getInstance("X25519", "SunEC"));

		private final boolean accepting;

		private boolean refused;

		FakeKeyAgreement(boolean accepting) {
			this.accepting = accepting;
		}

		@Override
		protected void engineInit(Key key, SecureRandom random) throws InvalidKeyException {
			this.agreement.init(key, random);
		}

		@Override
		protected void engineInit(Key key, AlgorithmParameterSpec params, SecureRandom random)
				throws InvalidKeyException {
			this.agreement.init(key, random);
		}

		@Override
		protected Key engineDoPhase(Key key, boolean lastPhase) throws InvalidKeyException {
			try {
				return this.agreement.doPhase(key, lastPhase);
			}
			catch (InvalidKeyException ex) {
				if (!this.accepting) {
					throw ex;
				}
				this.refused = true;
				return null;
			}
		}

		@Override
		protected byte[] engineGenerateSecret() {
			FakeProvider.this.calls.incrementAndGet();
			return this.refused ? new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8,
					1, 2, 3, 4, 5, 6, 7, 8 } : this.agreement.generateSecret();
		}

		@Override
		protected int engineGenerateSecret(byte[] secret, int offset) {
			throw new UnsupportedOperationException();
		}

		@Override
		protected SecretKey engineGenerateSecret(String algorithm) {
			throw new UnsupportedOperationException();
		}

	}

	private static final class FakeKeyFactory extends KeyFactorySpi {

		private final KeyFactory factory = jdk(() -> KeyFactory.getInstance("X25519", "SunEC"));

		@Override
		protected PublicKey engineGeneratePublic(KeySpec spec) throws InvalidKeySpecException {
			return this.factory.generatePublic(spec);
		}

		@Override
		protected PrivateKey engineGeneratePrivate(KeySpec spec) throws InvalidKeySpecException {
			return this.factory.generatePrivate(spec);
		}

		@Override
		protected <T extends KeySpec> T engineGetKeySpec(Key key, Class<T> type) throws InvalidKeySpecException {
			return this.factory.getKeySpec(key, type);
		}

		@Override
		protected Key engineTranslateKey(Key key) throws InvalidKeyException {
			return this.factory.translateKey(key);
		}

	}

	private final class FakeMac extends MacSpi {

		private final Mac mac = jdk(() -> Mac.getInstance("HmacSHA256", "SunJCE"));

		private final int flip;

		FakeMac(int flip) {
			this.flip = flip;
		}

		@Override
		protected int engineGetMacLength() {
			return 32;
		}

		@Override
		protected void engineInit(Key key, AlgorithmParameterSpec params) throws InvalidKeyException {
			this.mac.init(key);
		}

		@Override
		protected void engineUpdate(byte input) {
			this.mac.update(input);
		}

		@Override
		protected void engineUpdate(byte[] input, int offset, int length) {
			this.mac.update(input, offset, length);
		}

		@Override
		protected byte[] engineDoFinal() {
			FakeProvider.this.calls.incrementAndGet();
			byte[] computed = this.mac.doFinal();
			computed[0] ^= (byte) this.flip;
			return computed;
		}

		@Override
		protected void engineReset() {
			this.mac.reset();
		}

	}

	private final class FakeDigest extends MessageDigestSpi {

		private final MessageDigest digest = jdk(() -> MessageDigest.getInstance("SHA-256", "SUN"));

		@Override
		protected int engineGetDigestLength() {
			return 32;
		}

		@Override
		protected void engineUpdate(byte input) {
			this.digest.update(input);
		}

		@Override
		protected void engineUpdate(byte[] input, int offset, int length) {
			this.digest.update(input, offset, length);
		}

		@Override
		protected byte[] engineDigest() {
			FakeProvider.this.calls.incrementAndGet();
			return this.digest.digest();
		}

		@Override
		protected int engineDigest(byte[] target, int offset, int length) throws DigestException {
			FakeProvider.this.calls.incrementAndGet();
			return this.digest.digest(target, offset, length);
		}

		@Override
		protected void engineReset() {
			this.digest.reset();
		}

	}

}
