package com.pacerelle.signal;

import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import com.pacerelle.signal.crypto.Hkdf;
import com.pacerelle.signal.crypto.Hmac;
import org.conscrypt.Conscrypt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is computed does not depend on who computes it.
 */
class CryptoProviderTests {

	@AfterEach
	void useTheStandardAgain() {
		CryptoProvider.standard().use();
	}

	static Stream<Provider> providers() {
		return Stream.of(Conscrypt.newProvider(), Security.getProvider("SunEC"), Security.getProvider("SunJCE"),
				Security.getProvider("SUN"), new org.bouncycastle.jce.provider.BouncyCastleProvider(),
				new FakeProvider().withX25519().withHmac(0), new FakeProvider().withSha256());
	}

	@ParameterizedTest
	@MethodSource("providers")
	void everyProviderComputesTheSame(Provider provider) {
		List<byte[]> expected = results();
		CryptoProvider chosen = CryptoProvider.of(provider);
		chosen.use();
		assertThat(chosen.toString()).contains("of " + provider.getName());
		assertThat(results()).usingRecursiveComparison().isEqualTo(expected);
	}

	private static List<byte[]> results() {
		SeededRandom random = new SeededRandom(1);
		EcKeyPair pair = EcKeyPair.generate(random);
		EcKeyPair other = EcKeyPair.generate(random);
		byte[] secret = pair.agree(other.publicKey());
		return List.of(pair.publicKey().encode(), secret, pair.sign(secret, random), Hmac.sha256(secret, secret),
				Hmac.sha256(new byte[100], secret, secret), Hmac.iterate(secret, secret, 5),
				Hkdf.derive(secret, secret, 200), Hkdf.iterate(secret, 1, 5, secret));
	}

	@ParameterizedTest
	@MethodSource("providers")
	void keysOfLowOrderAreRefused(Provider provider) {
		CryptoProvider.of(provider).use();
		EcKeyPair pair = EcKeyPair.generate(new SeededRandom(1));
		byte[] zero = new byte[33];
		zero[0] = 5;
		assertThatExceptionOfType(MalformedKeyException.class).isThrownBy(() -> pair.agree(EcPublicKey.decode(zero)));
	}

	@Test
	void conscryptTakesOverAllPrimitives() {
		assertThat(CryptoProvider.of(Conscrypt.newProvider())).hasToString("X25519 of Conscrypt,"
				+ " HMAC-SHA256 of Conscrypt, SHA-512 of Conscrypt, AES-CBC of Conscrypt, random numbers of Conscrypt");
	}

	@Test
	void theStandardDoesWhatAProviderCannot() {
		FakeProvider provider = new FakeProvider().withX25519();
		CryptoProvider chosen = CryptoProvider.of(provider);
		assertThat(chosen).hasToString("X25519 of Fake, HMAC-SHA256 of the JDK, SHA-512 of the JDK,"
				+ " AES-CBC of the JDK, random numbers of the JDK");
		int before = provider.calls();
		Hmac.sha256(new byte[32]);
		assertThat(provider.calls()).isEqualTo(before);
		chosen.use();
		EcKeyPair pair = EcKeyPair.generate(new SeededRandom(1));
		pair.agree(pair.publicKey());
		assertThat(provider.calls()).isEqualTo(before + 2);
	}

	@Test
	void aMacThatCannotBeClonedIsMadeAnewForEachMessage() {
		FakeProvider provider = new FakeProvider().withHmac(0);
		byte[] expected = Hmac.sha256(new byte[32], new byte[3]);
		CryptoProvider.of(provider).use();
		int before = provider.calls();
		assertThat(Hmac.sha256(new byte[32], new byte[3])).isEqualTo(expected);
		assertThat(Hmac.sha256(new byte[32], new byte[3])).isEqualTo(expected);
		assertThat(provider.calls()).isEqualTo(before + 2);
	}

	@Test
	void aProviderWithNothingOfUseIsRefused() {
		assertThatExceptionOfType(UnsuitableProviderException.class)
			.isThrownBy(() -> CryptoProvider.of(new FakeProvider().withMd5()))
			.withMessage("The provider 'Fake' cannot be used for cryptography:"
					+ " it has neither X25519 nor AES, HMAC, SHA-2 or random numbers");
	}

	@Test
	void aProviderThatComputesSomethingElseIsRefused() {
		assertThatExceptionOfType(UnsuitableProviderException.class)
			.isThrownBy(() -> CryptoProvider.of(new FakeProvider().withHmac(1)))
			.withMessageEndingWith("it computes another HMAC-SHA256");
	}

	@Test
	void aProviderThatAcceptsKeysOfLowOrderIsRefused() {
		assertThatExceptionOfType(UnsuitableProviderException.class)
			.isThrownBy(() -> CryptoProvider.of(new FakeProvider().withX25519ThatAcceptsAllKeys()))
			.withMessageEndingWith("it accepts a key of low order for X25519");
	}

	@Test
	void aProviderThatIsNotThereIsRefused() {
		assertThatExceptionOfType(UnsuitableProviderException.class).isThrownBy(() -> CryptoProvider.named("Nowhere"))
			.withMessage("There is no provider 'Nowhere' for cryptography in this JVM");
	}

	@Test
	void randomNumbersComeFromTheProvider() {
		CryptoProvider.of(Conscrypt.newProvider()).use();
		SecureRandom random = CryptoProvider.secureRandom();
		assertThat(random.getProvider().getName()).isEqualTo("Conscrypt");
		byte[] bytes = new byte[32];
		random.nextBytes(bytes);
		assertThat(bytes).isNotEqualTo(Arrays.copyOf(new byte[0], 32));
	}

}
