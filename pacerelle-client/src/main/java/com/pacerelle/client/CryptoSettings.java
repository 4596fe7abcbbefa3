package com.pacerelle.client;

import java.security.Provider;

import com.pacerelle.signal.CryptoProvider;
import com.pacerelle.signal.UnsuitableProviderException;

/**
 * Who computes the cryptography of the session protocol. By default these are
 * BouncyCastle and the JDK; a certified or native provider of the Java Cryptography
 * Architecture takes over what it has of X25519, AES, HMAC, SHA-2 and random numbers.
 */
public final class CryptoSettings {

	private static final String SETTING = "crypto.provider";

	private final CryptoProvider provider;

	private CryptoSettings(CryptoProvider provider) {
		this.provider = provider;
	}

	/**
	 * BouncyCastle and the JDK.
	 * @return the default
	 */
	public static CryptoSettings standard() {
		return new CryptoSettings(CryptoProvider.standard());
	}

	/**
	 * A provider, which computes something of each primitive now, to be compared.
	 * @param provider the provider, which need not be registered in the JVM
	 * @return the settings
	 * @throws InvalidSettingException if it has nothing of use, or does not compute what
	 * the default does
	 */
	public static CryptoSettings of(Provider provider) {
		try {
			return new CryptoSettings(CryptoProvider.of(provider));
		}
		catch (UnsuitableProviderException ex) {
			throw invalid(ex);
		}
	}

	/**
	 * A provider that is registered in the JVM.
	 * @param name its name
	 * @return the settings
	 * @throws InvalidSettingException if it is not there or not usable, as above
	 */
	public static CryptoSettings named(String name) {
		try {
			return new CryptoSettings(CryptoProvider.named(name));
		}
		catch (UnsuitableProviderException ex) {
			throw invalid(ex);
		}
	}

	/**
	 * Makes these the settings of the process, like JCA's own list of providers: the last
	 * ones that were made so hold for all clients and stores, from their next operation
	 * on. Do it before a store is opened, so that its identity is made with them.
	 */
	public void use() {
		this.provider.use();
	}

	private static InvalidSettingException invalid(UnsuitableProviderException cause) {
		InvalidSettingException invalid = new InvalidSettingException(SETTING, "is not usable. " + cause.getMessage());
		invalid.initCause(cause);
		return invalid;
	}

	/**
	 * Names the provider of each primitive.
	 */
	@Override
	public String toString() {
		return this.provider.toString();
	}

}
