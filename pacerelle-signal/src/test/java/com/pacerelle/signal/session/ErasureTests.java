package com.pacerelle.signal.session;

import java.util.ArrayList;
import java.util.List;

import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignalProtocolException;
import com.pacerelle.signal.StoredSession;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Sessions that a store has handed out do not stay in memory once they are decoded.
 */
class ErasureTests {

	private final Person alice = new Person("alice");

	private final Person bob = new Person("bob");

	private final List<byte[]> handedOut = new ArrayList<>();

	@Test
	void sessionsAreErasedWhetherTheMessageIsReadOrRefused() {
		for (int i = 0; i < 3; i++) {
			this.alice.process(this.bob);
			this.bob.decrypt(this.alice, this.alice.encrypt(this.bob, "hello"));
		}
		this.alice.decrypt(this.bob, this.bob.encrypt(this.alice, "hello"));
		byte[] frame = this.alice.encrypt(this.bob, "hi");
		SessionCipher cipher = this.bob.cipher(new Recording());
		assertThat(cipher.encrypt(this.alice.address, new byte[1])).isNotEmpty();
		byte[] forged = frame.clone();
		forged[20] ^= 1;

		assertThat(catchThrowable(() -> this.bob.cipher(new Recording()).decrypt(this.alice.address, forged)))
			.isInstanceOf(SignalProtocolException.class);
		assertThat(this.bob.cipher(new Recording()).decrypt(this.alice.address, frame)).asString().isEqualTo("hi");

		assertThat(this.handedOut).hasSizeGreaterThan(3).allSatisfy((session) -> assertThat(session).containsOnly(0));
	}

	private final class Recording extends DelegatingStore {

		Recording() {
			super(ErasureTests.this.bob.store);
		}

		@Override
		public StoredSession session(ProtocolAddress peer) {
			StoredSession session = super.session(peer);
			ErasureTests.this.handedOut.add(session.session());
			return session;
		}

		@Override
		public byte[] archivedSessionThatKnows(ProtocolAddress peer, EcPublicKey ratchetKey) {
			byte[] session = super.archivedSessionThatKnows(peer, ratchetKey);
			if (session != null) {
				ErasureTests.this.handedOut.add(session);
			}
			return session;
		}

		@Override
		public List<byte[]> archivedSessions(ProtocolAddress peer) {
			List<byte[]> sessions = super.archivedSessions(peer);
			ErasureTests.this.handedOut.addAll(sessions);
			return sessions;
		}

	}

}
