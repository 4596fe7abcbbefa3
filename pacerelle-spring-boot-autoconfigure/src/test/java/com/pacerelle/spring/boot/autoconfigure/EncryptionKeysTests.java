package com.pacerelle.spring.boot.autoconfigure;

import java.nio.file.Path;

import com.pacerelle.client.store.EncryptionKey;
import com.pacerelle.client.store.EncryptionKeyException;
import com.pacerelle.client.store.EncryptionKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for keys that come from a service, as the configuration guide shows.
 */
class EncryptionKeysTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PacerelleAutoConfiguration.class))
		.withBean(KeyService.class);

	@Test
	void theKeysOfABeanTakeThePlaceOfProperties(@TempDir Path root) {
		ApplicationContextRunner agent = this.contextRunner.withPropertyValues("pacerelle.agent-id=agent-1",
				"pacerelle.token=s3cr3t", "pacerelle.base-url=http://127.0.0.1:1", "pacerelle.store.root=" + root);
		for (int start = 0; start < 2; start++) {
			agent.withUserConfiguration(KeyConfiguration.class)
				.withPropertyValues("pacerelle.store.encryption-key=not used")
				.run((context) -> assertThat(context).hasNotFailed());
		}
		agent.run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOf(EncryptionKeyException.class)
			.hasMessageContaining("key-of-may"));
	}

	@Configuration(proxyBeanMethods = false)
	static class KeyConfiguration {

		// tag::bean[]
		@Bean
		EncryptionKeys encryptionKeys(KeyService service) {
			return new EncryptionKeys() {

				@Override
				public EncryptionKey current() {
					return service.currentKey();
				}

				@Override
				public EncryptionKey find(String id) {
					return service.key(id);
				}

			};
		}
		// end::bean[]

	}

	static class KeyService {

		EncryptionKey currentKey() {
			return key("key-of-may");
		}

		EncryptionKey key(String id) {
			return new EncryptionKey(id, new byte[32]);
		}

	}

}
