package com.pacerelle.signal;

import java.util.stream.Stream;

import com.pacerelle.signal.vectors.Vectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Keys and signatures of {@code signal-vectors.json}.
 */
class KeyVectorTests {

	@TestFactory
	Stream<DynamicTest> publicKeysAreDerived() {
		return Vectors.each((vector) -> {
			EcKeyPair pair = Vectors.keyPair(vector, "private");
			assertThat(pair.publicKey()).isEqualTo(Vectors.publicKey(vector, "public"));
			assertThat(pair.encodePrivateKey()).isEqualTo(Vectors.bytes(vector, "private"));
		}, "key_encodings", "pairs");
	}

	@TestFactory
	Stream<DynamicTest> agreementsAreComputedAndZeroIsRefused() {
		return Vectors.each((vector) -> {
			EcKeyPair ours = Vectors.keyPair(vector, "private");
			EcPublicKey theirs = Vectors.publicKey(vector, "public");
			if (vector.required("shared").isNull()) {
				assertThatExceptionOfType(MalformedKeyException.class).isThrownBy(() -> ours.agree(theirs));
			}
			else {
				assertThat(ours.agree(theirs)).isEqualTo(Vectors.bytes(vector, "shared"));
			}
		}, "key_encodings", "dh");
	}

	@TestFactory
	Stream<DynamicTest> publicKeysAreDecoded() {
		return Vectors.each((vector) -> {
			byte[] bytes = Vectors.bytes(vector, "bytes");
			if (vector.required("ok").asBoolean()) {
				assertThat(EcPublicKey.decode(bytes).encode()).isEqualTo(Vectors.bytes(vector, "canonical"));
			}
			else {
				assertThatExceptionOfType(MalformedKeyException.class).isThrownBy(() -> EcPublicKey.decode(bytes));
			}
		}, "key_encodings", "decode");
	}

	@TestFactory
	Stream<DynamicTest> baseKeysAreCanonicalOrNot() {
		return Vectors.each((vector) -> assertThat(Vectors.publicKey(vector, "public").isCanonical())
			.isEqualTo(vector.required("accepted").asBoolean()), "canonical_base_key");
	}

	@TestFactory
	Stream<DynamicTest> signaturesAreVerified() {
		return Vectors.each((vector) -> {
			boolean valid = Vectors.publicKey(vector, "public")
				.verify(Vectors.bytes(vector, "message"), Vectors.bytes(vector, "signature"));
			// Null stands for a scalar that is not reduced, where we are the strict ones.
			assertThat(valid).isEqualTo(vector.required("valid").asBoolean(false));
		}, "xeddsa_verify");
	}

	@TestFactory
	Stream<DynamicTest> signaturesAreMade() {
		return Vectors.each((vector) -> {
			EcKeyPair signer = Vectors.keyPair(vector, "private");
			byte[] message = Vectors.bytes(vector, "message");
			byte[] signature = signer.sign(message, new ScriptedRandom(Vectors.bytes(vector, "random64")));
			assertThat(signature).isEqualTo(Vectors.bytes(vector, "signature"));
			assertThat(signer.publicKey().verify(message, signature)).isTrue();
		}, "xeddsa_sign");
	}

}
