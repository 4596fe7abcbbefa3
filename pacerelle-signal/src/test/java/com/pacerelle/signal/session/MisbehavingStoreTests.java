package com.pacerelle.signal.session;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

import com.pacerelle.signal.InvalidMessageException;
import com.pacerelle.signal.PreKeyBundle;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignalStore;
import com.pacerelle.signal.SignedPreKey;
import com.pacerelle.signal.StoredSession;
import com.pacerelle.signal.UnknownPreKeyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Stores that fail, forget or return nonsense: the operation fails, and nothing of it is
 * to be committed.
 */
class MisbehavingStoreTests {

	private final Person alice = new Person("alice");

	private final Person bob = new Person("bob");

	@ParameterizedTest
	@ValueSource(strings = { "identityKeyPair", "registrationId", "identity", "session", "oneTimePreKey",
			"signedPreKey", "kyberPreKey", "isBaseKeySeen", "archivedSession" })
	void aStoreThatFailsWhenTheFirstMessageComesChangesNothing(String method) {
		this.alice.process(this.bob);
		byte[] frame = this.alice.encrypt(this.bob, "hello");
		assertFailure(this.bob, method, (cipher) -> cipher.decrypt(this.alice.address, frame));
		assertThat(this.bob.decrypt(this.alice, frame)).isEqualTo("hello");
	}

	@ParameterizedTest
	@ValueSource(strings = { "session", "identity" })
	void aStoreThatFailsWhenAMessageComesOrGoesChangesNothing(String method) {
		this.alice.process(this.bob);
		this.bob.decrypt(this.alice, this.alice.encrypt(this.bob, "hello"));
		byte[] frame = this.bob.encrypt(this.alice, "hi");
		assertFailure(this.alice, method, (cipher) -> cipher.decrypt(this.bob.address, frame));
		assertFailure(this.alice, method, (cipher) -> cipher.encrypt(this.bob.address, new byte[1]));
		assertThat(this.alice.decrypt(this.bob, frame)).isEqualTo("hi");
	}

	@ParameterizedTest
	@ValueSource(strings = { "identityKeyPair", "registrationId", "identity", "session" })
	void aStoreThatFailsWhenABundleIsProcessedChangesNothing(String method) {
		assertFailure(this.alice, method, (cipher) -> cipher.process(this.bob.address, this.bob.bundle()));
	}

	private static void assertFailure(Person person, String method, Consumer<SessionCipher> operation) {
		SessionCipher cipher = person.cipher(failing(person.store, method));
		assertThat(catchThrowable(() -> operation.accept(cipher))).hasMessage("The disk is full");
		assertThat(cipher.changes()).isEmpty();
	}

	private static SignalStore failing(SignalStore store, String failingMethod) {
		return (SignalStore) Proxy.newProxyInstance(SignalStore.class.getClassLoader(),
				new Class<?>[] { SignalStore.class }, (proxy, method, arguments) -> {
					if (method.getName().equals(failingMethod)) {
						throw new IllegalStateException("The disk is full");
					}
					return invoke(store, method, arguments);
				});
	}

	private static Object invoke(SignalStore store, Method method, Object[] arguments) throws Throwable {
		try {
			return method.invoke(store, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getCause();
		}
	}

	@Test
	void aSessionThatCannotBeReadIsNamedAsTheReason() {
		this.alice.process(this.bob);
		this.bob.decrypt(this.alice, this.alice.encrypt(this.bob, "hello"));
		byte[] frame = this.alice.encrypt(this.bob, "hello");
		byte[] session = this.bob.store.session(this.alice.address).session();
		for (byte[] nonsense : List.of(new byte[] { -1 }, new byte[] { 10, 0 }, Arrays.copyOf(session, 500),
				Arrays.copyOf(session, session.length - 1), new byte[session.length])) {
			SignalStore damaged = new DelegatingStore(this.bob.store) {

				@Override
				public StoredSession session(ProtocolAddress peer) {
					return new StoredSession(1, nonsense);
				}

			};
			SessionCipher cipher = this.bob.cipher(damaged);
			assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> cipher.decrypt(this.alice.address, frame))
				.withMessageContaining("stored session");
			assertThat(cipher.changes()).isEmpty();
		}
	}

	@Test
	void aSessionOfAnotherPeerDecryptsNothing() {
		Person carol = new Person("carol");
		carol.process(this.bob);
		this.bob.decrypt(carol, carol.encrypt(this.bob, "hello"));
		this.alice.process(this.bob);
		this.bob.decrypt(this.alice, this.alice.encrypt(this.bob, "hello"));
		this.alice.decrypt(this.bob, this.bob.encrypt(this.alice, "hi"));
		byte[] frame = this.alice.encrypt(this.bob, "for Bob");
		SignalStore confused = new DelegatingStore(this.bob.store) {

			@Override
			public StoredSession session(ProtocolAddress peer) {
				return super.session(carol.address);
			}

		};
		SessionCipher cipher = this.bob.cipher(confused);
		assertThatExceptionOfType(InvalidMessageException.class)
			.isThrownBy(() -> cipher.decrypt(this.alice.address, frame));
		assertThat(this.bob.decrypt(this.alice, frame)).isEqualTo("for Bob");
	}

	@Test
	void aStoreThatLostTheSignedPreKeyCannotStartASession() {
		this.alice.process(this.bob);
		byte[] frame = this.alice.encrypt(this.bob, "hello");
		SignalStore forgetful = new DelegatingStore(this.bob.store) {

			@Override
			public SignedPreKey signedPreKey(int id) {
				return null;
			}

		};
		SessionCipher cipher = this.bob.cipher(forgetful);
		assertThatExceptionOfType(UnknownPreKeyException.class)
			.isThrownBy(() -> cipher.decrypt(this.alice.address, frame))
			.withMessageContaining("signed prekey");
	}

	@Test
	void aCommitThatFailsCanBeRepeatedWithAnotherUnitOfWork() {
		this.alice.process(this.bob);
		byte[] frame = this.alice.encrypt(this.bob, "hello");
		for (int attempt = 0; attempt < 3; attempt++) {
			SessionCipher notCommitted = this.bob.cipher();
			assertThat(notCommitted.decrypt(this.alice.address, frame)).asString().isEqualTo("hello");
		}
		assertThat(this.bob.decrypt(this.alice, frame)).isEqualTo("hello");
	}

	@Test
	void twoUnitsOfWorkCannotBothUseAOneTimePreKey() {
		Person carol = new Person("carol");
		PreKeyBundle bundle = this.bob.bundle();
		this.alice.process(this.bob, bundle);
		carol.process(this.bob, bundle);
		SessionCipher first = this.bob.cipher();
		SessionCipher second = this.bob.cipher();
		first.decrypt(this.alice.address, this.alice.encrypt(this.bob, "hello"));
		second.decrypt(carol.address, carol.encrypt(this.bob, "hello"));
		this.bob.store.commit(first.changes());
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> this.bob.store.commit(second.changes()));
		assertThat(this.bob.store.session(carol.address)).isNull();
	}

}
