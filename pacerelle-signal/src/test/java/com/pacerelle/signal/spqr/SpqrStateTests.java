package com.pacerelle.signal.spqr;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

import com.pacerelle.signal.SeededRandom;
import com.pacerelle.signal.spqr.SpqrException.Reason;
import com.pacerelle.signal.spqr.SpqrState.Received;
import com.pacerelle.signal.spqr.SpqrState.Sent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class SpqrStateTests {

	private static final byte[] AUTH_KEY = new byte[32];

	private final SecureRandom random = new SeededRandom(1);

	@Test
	void theFirstMessagesLookAsSpecified() {
		Sent first = SpqrState.initial(Direction.A2B, AUTH_KEY).send(this.random);
		assertThat(first.message()).hasSize(37).startsWith(1, 1, 1, 1, 0);
		Sent answer = SpqrState.initial(Direction.B2A, AUTH_KEY).send(this.random);
		assertThat(answer.message()).containsExactly(1, 1, 1, 0);
		assertThat(answer.next().send(this.random).message()).containsExactly(1, 1, 2, 0);
	}

	@Test
	void anAuthenticationKeyMustHave32Bytes() {
		assertThatIllegalArgumentException().isThrownBy(() -> SpqrState.initial(Direction.A2B, new byte[31]));
	}

	@Test
	void theCallerMayEraseTheAuthenticationKey() {
		byte[] authKey = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,
				26, 27, 28, 29, 30, 31, 32 };
		SpqrState state = SpqrState.initial(Direction.B2A, authKey);
		byte[] blob = state.encode();
		Arrays.fill(authKey, (byte) 0);
		assertThat(state.encode()).isEqualTo(blob);
	}

	@Test
	void anOperationLeavesTheStateSoThatItCanBeRepeated() {
		TwoParties parties = new TwoParties(1);
		for (int i = 0; i < 200; i++) {
			Direction sender = (i % 2 == 0) ? Direction.A2B : Direction.B2A;
			Sent sent = parties.send(sender);
			SpqrState receiver = parties.state(TwoParties.peerOf(sender));
			byte[] before = receiver.encode();
			Received first = receiver.receive(sent.message());
			assertThat(receiver.encode()).isEqualTo(before);
			Received second = receiver.receive(sent.message());
			assertThat(second.key()).isEqualTo(first.key());
			assertThat(second.next().encode()).isEqualTo(first.next().encode());
			Sent one = receiver.send(new SeededRandom(i));
			Sent other = receiver.send(new SeededRandom(i));
			assertThat(other.message()).isEqualTo(one.message());
			assertThat(other.next().encode()).isEqualTo(one.next().encode());
			assertThat(receiver.encode()).isEqualTo(before);
			parties.deliver(TwoParties.peerOf(sender), sent);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "00", "0001010100" })
	void aMessageWithoutPostQuantumPartIsRefusedFromTheStart(String message) {
		assertRefused(SpqrState.initial(Direction.B2A, AUTH_KEY), message, Reason.MINIMUM_VERSION);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "00", "0001010100" })
	void aMessageWithoutPostQuantumPartIsRefusedAfterTheFirstGoodOne(String message) {
		assertRefused(acknowledged(), message, Reason.VERSION_MISMATCH);
	}

	@ParameterizedTest
	@ValueSource(strings = { "02", "02010100", "ff010100", "80010100" })
	void aMessageOfALaterVersionIsRefused(String message) {
		assertRefused(SpqrState.initial(Direction.B2A, AUTH_KEY), message, Reason.MESSAGE_DECODE);
		assertRefused(acknowledged(), message, Reason.MESSAGE_DECODE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "01020100", "01ffffffffffffffffff010100" })
	void aMessageOfALaterEpochIsRefused(String message) {
		assertRefused(SpqrState.initial(Direction.B2A, AUTH_KEY), message, Reason.EPOCH_OUT_OF_RANGE);
	}

	@Test
	void aMessageOfAnEpochWhoseKeysAreGoneIsRefused() {
		TwoParties parties = new TwoParties(1);
		Sent late = parties.send(Direction.A2B);
		parties.talkUntil(() -> parties.epoch(Direction.B2A) == 2);
		parties.deliver(Direction.B2A, late);
		Sent tooLate = parties.send(Direction.A2B);
		parties.talkUntil(() -> parties.epoch(Direction.B2A) == 5);
		assertRefused(parties.state(Direction.B2A), Vectors.hex(tooLate.message()), Reason.EPOCH_OUT_OF_RANGE);
	}

	@Test
	void aReplayedMessageIsRefused() {
		TwoParties parties = new TwoParties(1);
		Sent sent = parties.send(Direction.A2B);
		parties.deliver(Direction.B2A, sent);
		assertRefused(parties.state(Direction.B2A), Vectors.hex(sent.message()), Reason.KEY_ALREADY_REQUESTED);
	}

	@Test
	void keyNumberZeroDoesNotExist() {
		assertRefused(SpqrState.initial(Direction.B2A, AUTH_KEY), "01010000", Reason.KEY_ALREADY_REQUESTED);
	}

	@Test
	void aMessageWhoseKeyIsNotKeptAnyMoreIsRefused() {
		TwoParties parties = new TwoParties(1);
		Sent late = parties.send(Direction.A2B);
		for (int i = 0; i < 2000; i++) {
			parties.send(Direction.A2B);
		}
		parties.talk(Direction.A2B);
		assertRefused(parties.state(Direction.B2A), Vectors.hex(late.message()), Reason.KEY_TRIMMED);
	}

	@Test
	void aMessageTooFarAheadIsRefused() {
		assertRefused(SpqrState.initial(Direction.B2A, AUTH_KEY), "0101a9c30100", Reason.KEY_JUMP);
		assertThat(SpqrState.initial(Direction.B2A, AUTH_KEY).receive(Vectors.bytes("0101a8c30100")).key()).hasSize(32);
	}

	@Test
	void forgedChunksAreNoticedWhenTheirPayloadIsComplete() {
		TwoParties parties = new TwoParties(1);
		Map<String, Reason> refusals = new HashMap<>();
		Direction sender = Direction.A2B;
		while (parties.epoch(Direction.B2A) < 2) {
			Sent sent = parties.send(sender);
			Direction receiver = TwoParties.peerOf(sender);
			byte[] forged = forged(sent.message());
			SpqrException refused = catchThrowableOfType(SpqrException.class,
					() -> parties.state(receiver).receive(forged));
			if (refused != null) {
				refusals.put(parties.nameOfState(receiver), refused.reason());
			}
			parties.deliver(receiver, sent);
			sender = receiver;
		}
		assertThat(refusals).containsOnly(Map.entry("C1 epoch 1", Reason.MAC_VERIFY_FAILED),
				Map.entry("C5 epoch 1", Reason.ERRONEOUS_DATA_RECEIVED),
				Map.entry("K5 epoch 1", Reason.MAC_VERIFY_FAILED));
	}

	/** The message with a wrong chunk, if it has one. */
	private static byte[] forged(byte[] message) {
		byte[] forged = message.clone();
		if (SpqrMessage.parse(message).content().chunk() != null) {
			forged[forged.length - 1] ^= 1;
		}
		return forged;
	}

	private SpqrState acknowledged() {
		Sent sent = SpqrState.initial(Direction.A2B, AUTH_KEY).send(this.random);
		return SpqrState.initial(Direction.B2A, AUTH_KEY).receive(sent.message()).next();
	}

	private static void assertRefused(SpqrState state, String message, Reason reason) {
		byte[] before = state.encode();
		assertThatExceptionOfType(SpqrException.class).isThrownBy(() -> state.receive(Vectors.bytes(message)))
			.extracting(SpqrException::reason)
			.isEqualTo(reason);
		assertThat(state.encode()).isEqualTo(before);
	}

}
