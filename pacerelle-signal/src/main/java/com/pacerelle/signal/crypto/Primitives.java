package com.pacerelle.signal.crypto;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.NoSuchPaddingException;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;

/**
 * Who computes X25519, AES, HMAC, SHA-2 and random numbers: the libraries that are the
 * fastest of those that are always there, or a JCA provider for all that it has.
 * <p>
 * One choice is in force for the whole process, like JCA's own list of providers. Keys
 * and the states of sessions are values which know no services, and all providers compute
 * the same, so a choice that is made later holds from the next operation on, whatever was
 * computed before.
 */
public final class Primitives {

	/** BouncyCastle's X25519, and of the JDK what it has. */
	public static final Primitives STANDARD = standard();

	private static final String X25519 = "X25519";

	private static final String HMAC = "HMAC-SHA256";

	private static final String SHA_512 = "SHA-512";

	private static final String AES_CBC = "AES-CBC";

	private static final String RANDOM = "random numbers";

	private static final String AES = "AES/CBC/PKCS5Padding";

	private static volatile Primitives current = STANDARD;

	private final X25519Function x25519;

	private final Source<? extends Hmac> hmac;

	private final Source<MessageDigest> sha512;

	private final Source<Cipher> aes;

	private final Source<SecureRandom> random;

	/** The name of the provider by that of the primitive. */
	private final Map<String, String> names;

	private Primitives(X25519Function x25519, Source<? extends Hmac> hmac, Source<MessageDigest> sha512,
			Source<Cipher> aes, Source<SecureRandom> random, Map<String, String> names) {
		this.x25519 = x25519;
		this.hmac = hmac;
		this.sha512 = sha512;
		this.aes = aes;
		this.random = random;
		this.names = names;
	}

	/**
	 * The choice that is in force.
	 * @return the primitives
	 */
	public static Primitives current() {
		return current;
	}

	/**
	 * Makes this the choice of the process.
	 */
	public void use() {
		current = this;
	}

	private static Primitives standard() {
		try {
			Provider sha256 = MessageDigest.getInstance(DigestHmac.ALGORITHM).getProvider();
			// Naming the provider spares a search through all of them for each message.
			Provider aes = Cipher.getInstance(AES).getProvider();
			return new Primitives(new BouncyCastleX25519(), hmacOverDigest(sha256),
					() -> MessageDigest.getInstance(SHA_512), () -> Cipher.getInstance(AES, aes), SecureRandom::new,
					standardNames());
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("The JDK lacks a primitive of the protocol", ex);
		}
	}

	private static Map<String, String> standardNames() {
		Map<String, String> names = new LinkedHashMap<>();
		names.put(X25519, "BouncyCastle");
		Stream.of(HMAC, SHA_512, AES_CBC, RANDOM).forEach((primitive) -> names.put(primitive, "the JDK"));
		return names;
	}

	/**
	 * Takes all that a provider has, and the standard for the rest.
	 * @param provider the provider
	 * @return the primitives
	 * @throws GeneralSecurityException if it has nothing that the protocol uses, or if
	 * something that it has fails or computes something else than the standard
	 */
	public static Primitives of(Provider provider) throws GeneralSecurityException {
		X25519Function x25519 = x25519(provider);
		Source<? extends Hmac> hmac = hmac(provider);
		Source<MessageDigest> sha512 = ifPresent(() -> MessageDigest.getInstance(SHA_512, provider));
		Source<Cipher> aes = ifPresent(() -> Cipher.getInstance(AES, provider));
		Source<SecureRandom> random = random(provider);
		if (x25519 == null && hmac == null && sha512 == null && aes == null && random == null) {
			throw new NoSuchAlgorithmException("it has neither X25519 nor AES, HMAC, SHA-2 or random numbers");
		}
		Map<String, String> names = new LinkedHashMap<>(STANDARD.names);
		names.replaceAll((primitive, standard) -> switch (primitive) {
			case X25519 -> name(x25519, provider, standard);
			case HMAC -> name(hmac, provider, standard);
			case SHA_512 -> name(sha512, provider, standard);
			case AES_CBC -> name(aes, provider, standard);
			default -> name(random, provider, standard);
		});
		Primitives chosen = new Primitives(or(x25519, STANDARD.x25519), or(hmac, STANDARD.hmac),
				or(sha512, STANDARD.sha512), or(aes, STANDARD.aes), or(random, STANDARD.random), names);
		chosen.compare(STANDARD);
		return chosen;
	}

	private static @Nullable X25519Function x25519(Provider provider) throws GeneralSecurityException {
		// Some have it under the one name only, some under the other.
		for (String algorithm : new String[] { X25519, "XDH" }) {
			try {
				return new JcaX25519(algorithm, provider);
			}
			catch (NoSuchAlgorithmException ex) {
				// The other name, then, or none.
			}
		}
		return null;
	}

	private static @Nullable Source<? extends Hmac> hmac(Provider provider) throws GeneralSecurityException {
		Mac mac = created(() -> Mac.getInstance(MacHmac.ALGORITHM, provider));
		if (mac != null) {
			Source<Mac> clones = Source.ofClones(mac::clone);
			return (clones != null) ? () -> new MacHmac(clones.create())
					: () -> new MacHmac(Mac.getInstance(MacHmac.ALGORITHM, provider));
		}
		MessageDigest digest = created(() -> MessageDigest.getInstance(DigestHmac.ALGORITHM, provider));
		return (digest != null) ? hmacOverDigest(provider) : null;
	}

	private static Source<Hmac> hmacOverDigest(Provider provider) throws GeneralSecurityException {
		MessageDigest digest = MessageDigest.getInstance(DigestHmac.ALGORITHM, provider);
		Source<MessageDigest> clones = Source.ofClones(digest::clone);
		return (clones != null) ? () -> new DigestHmac(clones.create())
				: () -> new DigestHmac(MessageDigest.getInstance(DigestHmac.ALGORITHM, provider));
	}

	private static @Nullable Source<SecureRandom> random(Provider provider) throws GeneralSecurityException {
		for (Provider.Service service : provider.getServices()) {
			if (service.getType().equals("SecureRandom")) {
				return ifPresent(() -> SecureRandom.getInstance(service.getAlgorithm(), provider));
			}
		}
		return null;
	}

	private static <T> @Nullable Source<T> ifPresent(Source<T> source) throws GeneralSecurityException {
		return (created(source) != null) ? source : null;
	}

	private static <T> @Nullable T created(Source<T> source) throws GeneralSecurityException {
		try {
			return source.create();
		}
		catch (NoSuchAlgorithmException | NoSuchPaddingException ex) {
			return null;
		}
	}

	private static <T> T or(@Nullable T found, T standard) {
		return (found != null) ? found : standard;
	}

	private static String name(@Nullable Object found, Provider provider, String standard) {
		return (found != null) ? provider.getName() : standard;
	}

	private void compare(Primitives standard) throws GeneralSecurityException {
		try {
			check(Arrays.equals(agreement(), standard.agreement()), X25519);
			if (agree(key(1), new byte[32], 0, new byte[32])) {
				throw new GeneralSecurityException("it accepts a key of low order for X25519");
			}
			check(Arrays.equals(mac(), standard.mac()), HMAC);
			check(Arrays.equals(sha512(key(5)), standard.sha512(key(5))), SHA_512);
			byte[] ciphertext = cipher(Cipher.ENCRYPT_MODE).doFinal(key(6));
			check(Arrays.equals(ciphertext, standard.cipher(Cipher.ENCRYPT_MODE).doFinal(key(6)))
					&& Arrays.equals(cipher(Cipher.DECRYPT_MODE).doFinal(ciphertext), key(6)), AES_CBC);
			random().nextBytes(new byte[32]);
		}
		catch (RuntimeException ex) {
			throw new GeneralSecurityException("what it has does not work", ex);
		}
	}

	private static void check(boolean right, String what) throws GeneralSecurityException {
		if (!right) {
			throw new GeneralSecurityException("it computes another " + what);
		}
	}

	private byte[] agreement() {
		byte[] publicKey = new byte[32];
		publicKey(key(2), publicKey, 0);
		// The top bit of a key is ignored (RFC 7748, section 5).
		publicKey[31] |= (byte) 0x80;
		byte[] shared = new byte[32];
		agree(key(1), publicKey, 0, shared);
		return shared;
	}

	/** Two at a time: a clone must not share the state of what it was cloned from. */
	private byte[] mac() {
		byte[] macs = new byte[2 * Hmac.LENGTH];
		try (Hmac first = hmac(); Hmac second = hmac()) {
			first.init(key(3));
			second.init(key(4));
			first.update(key(5));
			second.update((byte) 1);
			first.doFinal(macs, 0);
			first.restart();
			first.update(key(6));
			first.doFinal(macs, 0);
			second.doFinal(macs, Hmac.LENGTH);
		}
		return macs;
	}

	private Cipher cipher(int mode) throws GeneralSecurityException {
		Cipher cipher = aesCbc();
		cipher.init(mode, new SecretKeySpec(key(7), "AES"), new IvParameterSpec(key(8), 0, 16));
		return cipher;
	}

	/** A clamped key for the comparison. */
	private static byte[] key(int value) {
		byte[] key = new byte[32];
		Arrays.fill(key, (byte) (8 * value));
		key[31] = 64;
		return key;
	}

	/**
	 * Computes {@code X25519(private, 9)} (RFC 7748, section 6.1).
	 * @param privateKey 32 bytes, clamped, which are only read
	 * @param target takes the 32 bytes of the public key
	 * @param offset where to put them
	 */
	public void publicKey(byte[] privateKey, byte[] target, int offset) {
		this.x25519.publicKey(privateKey, target, offset);
	}

	/**
	 * Computes {@code X25519(private, public)} (RFC 7748, sections 5 and 6.1).
	 * @param privateKey 32 bytes, clamped, which are only read
	 * @param publicKey the array that holds the other party's 32 bytes
	 * @param offset where they start
	 * @param shared takes the 32 bytes of the shared secret
	 * @return whether the secret is usable: it is not if it is zero, as with every key of
	 * low order
	 */
	public boolean agree(byte[] privateKey, byte[] publicKey, int offset, byte[] shared) {
		return this.x25519.agree(privateKey, publicKey, offset, shared);
	}

	/**
	 * Makes a cipher, AES in CBC mode with PKCS#7 padding.
	 * @return a cipher that is not initialized
	 */
	public Cipher aesCbc() {
		return required(this.aes, AES_CBC);
	}

	/**
	 * Makes a source of random numbers for keys.
	 * @return the source, which seeds itself
	 */
	public SecureRandom random() {
		return required(this.random, "source of random numbers");
	}

	Hmac hmac() {
		return required(this.hmac, HMAC);
	}

	byte[] sha512(byte[]... parts) {
		MessageDigest digest = required(this.sha512, SHA_512);
		for (byte[] part : parts) {
			digest.update(part);
		}
		return digest.digest();
	}

	private static <T> T required(Source<T> source, String what) {
		try {
			return source.create();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("The provider's " + what + " is not usable", ex);
		}
	}

	/**
	 * Names the provider of each primitive.
	 */
	@Override
	public String toString() {
		return this.names.entrySet()
			.stream()
			.map((entry) -> entry.getKey() + " of " + entry.getValue())
			.collect(Collectors.joining(", "));
	}

	/**
	 * Makes objects of a provider.
	 *
	 * @param <T> their type
	 */
	private interface Source<T> {

		T create() throws GeneralSecurityException;

		/**
		 * Makes clones, which spares the look-up, which can cost more than what is
		 * computed.
		 * @param <T> their type
		 * @param cloning clones an object that is never used itself
		 * @return the source, or {@code null} if the provider's objects cannot be cloned
		 */
		@SuppressWarnings("unchecked")
		static <T> @Nullable Source<T> ofClones(Cloning cloning) {
			try {
				cloning.copy();
			}
			catch (CloneNotSupportedException ex) {
				return null;
			}
			return () -> {
				try {
					return (T) cloning.copy();
				}
				catch (CloneNotSupportedException ex) {
					throw new GeneralSecurityException(ex);
				}
			};
		}

	}

	private interface Cloning {

		Object copy() throws CloneNotSupportedException;

	}

}
