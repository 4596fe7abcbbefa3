package com.pacerelle.spring.boot.autoconfigure;

import com.pacerelle.client.CryptoSettings;
import com.pacerelle.client.InvalidSettingException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.core.log.LogMessage;
import org.springframework.util.StringUtils;

/**
 * Makes {@link CryptoSettings} of the properties.
 */
final class CryptoMapper {

	private static final Log logger = LogFactory.getLog(CryptoMapper.class);

	private CryptoMapper() {
	}

	static CryptoSettings map(PacerelleProperties.Crypto properties) {
		String name = properties.provider();
		if (!StringUtils.hasText(name)) {
			return CryptoSettings.standard();
		}
		try {
			CryptoSettings settings = CryptoSettings.named(name);
			logger.info(LogMessage.format("Cryptography: %s", settings));
			return settings;
		}
		catch (InvalidSettingException ex) {
			throw new PacerelleConfigurationException("'pacerelle.crypto.provider' " + ex.reason() + ".",
					"Name a provider of the JVM: one that 'security.provider' in its 'java.security' lists, or that the"
							+ " application has added with 'Security.addProvider'. A bean of type CryptoSettings can"
							+ " hold one that is not registered. Without the property, BouncyCastle and the JDK are"
							+ " used.",
					ex);
		}
	}

}
