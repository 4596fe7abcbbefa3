package com.pacerelle.spring.boot.autoconfigure;

import java.nio.file.Path;
import java.security.Provider;
import java.security.Security;

import com.pacerelle.client.CryptoSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the provider of cryptography, by its name and as a bean.
 */
@ExtendWith(OutputCaptureExtension.class)
class CryptoTests {

	@TempDir
	private Path root;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PacerelleAutoConfiguration.class))
		.withPropertyValues("pacerelle.agent-id=agent-1", "pacerelle.token=s3cr3t",
				"pacerelle.base-url=http://127.0.0.1:1");

	@AfterEach
	void useTheStandardAgain() {
		CryptoSettings.standard().use();
	}

	@Test
	void aProviderOfTheJvmDoesWhatItCan(CapturedOutput output) {
		agent().withPropertyValues("pacerelle.crypto.provider=SunEC").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(CryptoSettings.class).toString()).startsWith("X25519 of SunEC");
			assertThat(output).contains("Cryptography: X25519 of SunEC, HMAC-SHA256 of the JDK");
		});
	}

	@Test
	void withoutTheNameOfOneBouncyCastleAndTheJdkDoIt(CapturedOutput output) {
		agent().withPropertyValues("pacerelle.crypto.provider=").run((context) -> {
			assertThat(context.getBean(CryptoSettings.class).toString()).startsWith("X25519 of BouncyCastle");
			assertThat(output).doesNotContain("Cryptography:");
		});
	}

	@Test
	void aBeanHoldsAProviderThatIsNotRegistered() {
		agent().withUserConfiguration(CryptoConfiguration.class)
			.withPropertyValues("pacerelle.crypto.provider=not used")
			.run((context) -> assertThat(context.getBean(CryptoSettings.class).toString())
				.contains("AES-CBC of SunJCE"));
	}

	@Test
	void aProviderThatIsNotThereIsAFailure() {
		agent().withPropertyValues("pacerelle.crypto.provider=Nowhere")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("There is no provider 'Nowhere'"));
	}

	@Test
	void aProviderWithNothingOfUseIsAFailureThatSaysWhatToDo() {
		agent().withPropertyValues("pacerelle.crypto.provider=SunSASL").run((context) -> {
			Throwable failure = context.getStartupFailure();
			assertThat(new PacerelleConfigurationFailureAnalyzer().analyze(failure)).satisfies((analysis) -> {
				assertThat(analysis.getDescription()).startsWith("'pacerelle.crypto.provider' is not usable")
					.contains("it has neither X25519 nor AES");
				assertThat(analysis.getAction()).contains("CryptoSettings");
			});
		});
	}

	private ApplicationContextRunner agent() {
		return this.contextRunner.withPropertyValues("pacerelle.store.root=" + this.root);
	}

	@Configuration(proxyBeanMethods = false)
	static class CryptoConfiguration {

		@Bean
		Provider provider() {
			return Security.getProvider("SunJCE");
		}

		// tag::bean[]
		@Bean
		CryptoSettings cryptoSettings(Provider provider) {
			return CryptoSettings.of(provider);
		}
		// end::bean[]

	}

}
