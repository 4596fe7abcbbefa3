package com.pacerelle.signal.ratchet;

import com.pacerelle.signal.DuplicateMessageException;
import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.InvalidMessageException;
import com.pacerelle.signal.SeededRandom;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The limits of signal.md section 10.1.
 */
class ReceiverChainTests {

	private static final EcPublicKey KEY = EcKeyPair.generate(new SeededRandom(1)).publicKey();

	private final ReceiverChain chain = new ReceiverChain(KEY, new ChainKey(new byte[32], 0), SkippedKeys.NONE);

	@Test
	void aMessageMayBe25000AheadAndNoMore() {
		assertThat(this.chain.receive(25_000).seed()).isEqualTo(seed(25_000));
		assertThatExceptionOfType(InvalidMessageException.class).isThrownBy(() -> this.chain.receive(25_001));
		assertThatExceptionOfType(InvalidMessageException.class).isThrownBy(() -> this.chain.receive(-1));
	}

	@Test
	void theLast2000SkippedMessagesAreKept() {
		ReceiverChain later = this.chain.receive(5000).next();
		assertThat(later.skipped().size()).isEqualTo(2000);
		assertThat(later.receive(4999).seed()).isEqualTo(seed(4999));
		assertThat(later.receive(3000).seed()).isEqualTo(seed(3000));
		assertThatExceptionOfType(DuplicateMessageException.class).isThrownBy(() -> later.receive(2999));
	}

	@Test
	void newSkippedMessagesPushTheOldestOut() {
		ReceiverChain later = this.chain.receive(1500).next().receive(2500).next();
		assertThat(later.skipped().size()).isEqualTo(2000);
		assertThat(later.skipped().counter(0)).isEqualTo(2499);
		assertThat(later.skipped().counter(1999)).isEqualTo(499);
		assertThat(later.receive(1499).seed()).isEqualTo(seed(1499));
		assertThat(later.receive(499).seed()).isEqualTo(seed(499));
		assertThatExceptionOfType(DuplicateMessageException.class).isThrownBy(() -> later.receive(498));
	}

	@Test
	void aSeedIsTakenOnce() {
		ReceiverChain later = this.chain.receive(3).next();
		assertThatExceptionOfType(DuplicateMessageException.class).isThrownBy(() -> later.receive(3));
		ReceiverChain evenLater = later.receive(1).next();
		assertThat(evenLater.skipped().size()).isEqualTo(2);
		assertThatExceptionOfType(DuplicateMessageException.class).isThrownBy(() -> evenLater.receive(1));
		assertThat(evenLater.receive(0).seed()).isEqualTo(seed(0));
		assertThat(evenLater.receive(2).seed()).isEqualTo(seed(2));
	}

	@Test
	void countersAreUnsigned() {
		ReceiverChain far = new ReceiverChain(KEY, new ChainKey(new byte[32], 0x7FFF_FFFF), SkippedKeys.NONE);
		ReceiverChain later = far.receive(0x8000_0001).next();
		assertThat(later.chainKey().index()).isEqualTo(0x8000_0002);
		assertThat(later.skipped().counter(0)).isEqualTo(0x8000_0000);
		assertThatExceptionOfType(DuplicateMessageException.class).isThrownBy(() -> later.receive(0x7FFF_FFFE));
	}

	private static byte[] seed(int counter) {
		ChainKey key = new ChainKey(new byte[32], 0);
		for (int i = 0; i < counter; i++) {
			key = key.next();
		}
		return key.seed();
	}

}
