package com.pacerelle.signal;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;

import com.pacerelle.signal.crypto.Primitives;

/**
 * Who computes the primitives of the protocol: X25519, AES, HMAC, SHA-2 and random
 * numbers. By default these are BouncyCastle and the JDK, each for what it does faster. A
 * certified or native provider of the Java Cryptography Architecture takes over all of
 * them that it has.
 * <p>
 * {@link #use()} chooses for the whole process, as keys and sessions are values which
 * know no services. All providers compute the same: a choice can be made at any time,
 * preferably before the first store is opened, and replaces the one before.
 */
public final class CryptoProvider {

	private static final CryptoProvider STANDARD = new CryptoProvider(Primitives.STANDARD);

	private final Primitives primitives;

	private CryptoProvider(Primitives primitives) {
		this.primitives = primitives;
	}

	/**
	 * BouncyCastle and the JDK.
	 * @return the default
	 */
	public static CryptoProvider standard() {
		return STANDARD;
	}

	/**
	 * Takes a provider for all primitives that it has, and the default for the rest,
	 * after it has computed what is known of each.
	 * @param provider the provider, which need not be registered
	 * @return the choice
	 * @throws UnsuitableProviderException if the provider has none of the primitives, or
	 * if one that it has does not work
	 */
	public static CryptoProvider of(Provider provider) {
		try {
			return new CryptoProvider(Primitives.of(provider));
		}
		catch (GeneralSecurityException ex) {
			throw new UnsuitableProviderException(
					"The provider '" + provider.getName() + "' cannot be used for cryptography: " + ex.getMessage(),
					ex);
		}
	}

	/**
	 * Takes a provider of the JVM, as {@link #of(Provider)} does.
	 * @param name its name
	 * @return the choice
	 * @throws UnsuitableProviderException if there is no such provider, or if it is not
	 * usable
	 */
	public static CryptoProvider named(String name) {
		Provider provider = Security.getProvider(name);
		if (provider == null) {
			throw new UnsuitableProviderException("There is no provider '" + name + "' for cryptography in this JVM",
					null);
		}
		return of(provider);
	}

	/**
	 * Makes this the choice of the process.
	 */
	public void use() {
		this.primitives.use();
	}

	/**
	 * Makes a source of random numbers for keys, of the provider that is in use.
	 * @return the source, which seeds itself
	 */
	public static SecureRandom secureRandom() {
		return Primitives.current().random();
	}

	/**
	 * Names the provider of each primitive.
	 */
	@Override
	public String toString() {
		return this.primitives.toString();
	}

}
