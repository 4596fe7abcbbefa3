package com.pacerelle.client.store.jdbc;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The form of sealed values, with values, bindings and damage that are made up from a
 * seed.
 */
class SealedValueTests {

	private static final int ROUNDS = 2000;

	private final long seed = new Random().nextLong();

	private final Random random = new Random(this.seed);

	private final SecretKey key = new SecretKeySpec(bytes(32), "AES");

	@Test
	void whatWasSealedIsOpenedWithTheSameDataOnly() throws GeneralSecurityException {
		for (int round = 0; round < ROUNDS; round++) {
			byte[] value = bytes(this.random.nextInt(300));
			byte[] nonce = bytes(SealedValue.NONCE_LENGTH);
			byte[] data = bytes(this.random.nextInt(60));
			byte[] sealed = SealedValue.seal(this.key, nonce, data, value);

			assertThat(SealedValue.open(this.key, data, sealed)).as("seed %d", this.seed).isEqualTo(value);
			assertThat(sealed).hasSize(value.length + 29).startsWith(SealedValue.FORMAT);
			assertThat(Arrays.copyOfRange(sealed, 1, 13)).isEqualTo(nonce);
			assertThatExceptionOfType(GeneralSecurityException.class)
				.isThrownBy(() -> SealedValue.open(this.key, Arrays.copyOf(data, data.length + 1), sealed));
		}
	}

	@Test
	void eachDamageIsNoticedAndNothingElseIsThrown() {
		for (int round = 0; round < ROUNDS; round++) {
			byte[] data = bytes(10);
			byte[] sealed = SealedValue.seal(this.key, bytes(SealedValue.NONCE_LENGTH), data,
					bytes(this.random.nextInt(50)));
			byte[] damaged = damage(sealed);

			assertThatExceptionOfType(GeneralSecurityException.class).as("seed %d", this.seed)
				.isThrownBy(() -> SealedValue.open(this.key, data, damaged));
			assertThat(SealedValue.dataKey(damaged)).isNotNegative();
		}
	}

	@Test
	void anyBytesAreNoSealedValueAndNothingElseIsThrown() {
		for (int round = 0; round < ROUNDS; round++) {
			byte[] bytes = bytes(this.random.nextInt(60));
			assertThatExceptionOfType(GeneralSecurityException.class).as("seed %d", this.seed)
				.isThrownBy(() -> SealedValue.open(this.key, new byte[0], bytes));
			assertThat(SealedValue.dataKey(bytes)).isNotNegative();
		}
	}

	@ParameterizedTest
	@EnumSource
	void noTwoRowsHaveTheSameAssociatedData(SealedColumn column) {
		Set<List<Byte>> seen = new HashSet<>();
		Set<List<Object>> keys = new HashSet<>();
		for (int round = 0; round < ROUNDS; round++) {
			Object[] key = new Object[column.keySize()];
			for (int i = 0; i < key.length; i++) {
				key[i] = part();
			}
			List<Object> comparable = Arrays.stream(key)
				.map((part) -> (part instanceof byte[] bytes) ? boxed(bytes) : part)
				.toList();
			assertThat(seen.add(boxed(column.associatedData(key)))).as("seed %d", this.seed)
				.isEqualTo(keys.add(comparable));
		}
		assertThatIllegalArgumentException().isThrownBy(column::associatedData);
	}

	@Test
	void noTwoColumnsHaveTheSameAssociatedData() {
		Set<List<Byte>> seen = new HashSet<>();
		for (SealedColumn column : SealedColumn.values()) {
			Object[] key = new Object[column.keySize()];
			Arrays.fill(key, "a");
			assertThat(seen.add(boxed(column.associatedData(key)))).as(column.toString()).isTrue();
		}
	}

	/** Short ones of few letters, so that they are often alike. */
	private Object part() {
		return switch (this.random.nextInt(3)) {
			case 0 -> (long) this.random.nextInt(3);
			case 1 -> "a".repeat(this.random.nextInt(3)) + "b".repeat(this.random.nextInt(2));
			default -> new byte[this.random.nextInt(9)];
		};
	}

	private byte[] damage(byte[] sealed) {
		if (this.random.nextBoolean()) {
			return Arrays.copyOf(sealed, this.random.nextInt(sealed.length));
		}
		byte[] damaged = sealed.clone();
		damaged[this.random.nextInt(damaged.length)] ^= (byte) (1 << this.random.nextInt(8));
		return damaged;
	}

	private byte[] bytes(int length) {
		byte[] bytes = new byte[length];
		this.random.nextBytes(bytes);
		return bytes;
	}

	private static List<Byte> boxed(byte[] bytes) {
		Byte[] boxed = new Byte[bytes.length];
		Arrays.setAll(boxed, (i) -> bytes[i]);
		return List.of(boxed);
	}

}
