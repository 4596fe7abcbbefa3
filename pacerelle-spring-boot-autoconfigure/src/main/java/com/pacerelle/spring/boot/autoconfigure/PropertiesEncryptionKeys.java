package com.pacerelle.spring.boot.autoconfigure;

import java.util.Base64;
import java.util.List;

import com.pacerelle.client.store.EncryptionKey;
import com.pacerelle.client.store.EncryptionKeys;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.log.LogMessage;

/**
 * The keys of {@link PacerelleProperties.Store}.
 */
final class PropertiesEncryptionKeys implements EncryptionKeys {

	private static final Log logger = LogFactory.getLog(PropertiesEncryptionKeys.class);

	private static final String CURRENT = "'pacerelle.store.encryption-key'";

	private static final String PREVIOUS = "'pacerelle.store.previous-encryption-keys'";

	private static final String ACTION = "Make a key with 'openssl rand -base64 32', and keep it where the application gets its other secrets from.";

	private final EncryptionKeys keys;

	private PropertiesEncryptionKeys(EncryptionKeys keys) {
		this.keys = keys;
	}

	/**
	 * The keys of the application: its bean, or else those of the properties.
	 * @param store the properties
	 * @param bean the bean, if there is one
	 * @return the keys, or {@code null} if stores are not encrypted
	 */
	static @Nullable EncryptionKeys of(PacerelleProperties.Store store, ObjectProvider<EncryptionKeys> bean) {
		EncryptionKeys keys = bean.getIfAvailable();
		if (keys != null) {
			return keys;
		}
		String current = store.encryptionKey();
		if (current == null) {
			if (!store.previousEncryptionKeys().isEmpty()) {
				throw new PacerelleConfigurationException(PREVIOUS + " has keys, and " + CURRENT + " has none.",
						"Set " + CURRENT + " to the key that encrypts from now on. " + ACTION);
			}
			return null;
		}
		return new PropertiesEncryptionKeys(EncryptionKeys.of(key(current, CURRENT),
				store.previousEncryptionKeys().stream().map((key) -> key(key, PREVIOUS)).toList()));
	}

	private static EncryptionKey key(String value, String property) {
		try {
			return EncryptionKey.of(Base64.getDecoder().decode(value));
		}
		catch (IllegalArgumentException ex) {
			// The message can have a part of the value.
			throw new PacerelleConfigurationException(property + " must be Base64 of 32 bytes.", ACTION);
		}
	}

	@Override
	public EncryptionKey current() {
		return this.keys.current();
	}

	@Override
	public @Nullable EncryptionKey find(String id) {
		return this.keys.find(id);
	}

	@Override
	public void retired(String store, String id) {
		logger.info(LogMessage.format(
				"The store in %s needs the encryption key with the id '%s' no more; it can be removed from %s", store,
				id, PREVIOUS));
	}

}
