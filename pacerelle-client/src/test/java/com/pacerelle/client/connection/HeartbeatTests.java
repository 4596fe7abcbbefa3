package com.pacerelle.client.connection;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HeartbeatTests {

	private static final long SECOND = 1_000_000_000L;

	private final Heartbeat heartbeat = new Heartbeat(Duration.ofSeconds(15), Duration.ofSeconds(10), 0);

	@Test
	void firstPingIsDueAtOnceAndTheNextAfterTheInterval() {
		assertThat(this.heartbeat.nanosUntilPing(0, 0)).isZero();
		this.heartbeat.pong(this.heartbeat.ping(0, 0));
		assertThat(this.heartbeat.nanosUntilPing(5 * SECOND, 0)).isEqualTo(10 * SECOND);
	}

	@Test
	void pingIsDueSoonAfterAFrameWasWritten() {
		this.heartbeat.pong(this.heartbeat.ping(0, 0));
		assertThat(this.heartbeat.nanosUntilPing(SECOND, 7)).isNegative();
		assertThat(this.heartbeat.nanosUntilPing(1, 7)).isEqualTo(Heartbeat.CONFIRMATION_NANOS - 1);
	}

	@Test
	void onePingAtATime() {
		this.heartbeat.ping(0, 0);
		assertThat(this.heartbeat.nanosUntilPing(100 * SECOND, 7)).isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void pongConfirmsWhatWasWrittenBeforeItsPing() {
		long number = this.heartbeat.ping(0, 7);
		assertThat(this.heartbeat.pong(number)).isTrue();
		assertThat(this.heartbeat.pingedSequence()).isEqualTo(7);
	}

	@Test
	void pongsThatAnswerNothingAreIgnored() {
		assertThat(this.heartbeat.pong(0)).isFalse();
		long number = this.heartbeat.ping(0, 7);
		assertThat(this.heartbeat.pong(number + 1)).isFalse();
		assertThat(this.heartbeat.pong(number)).isTrue();
		assertThat(this.heartbeat.pong(number)).isFalse();
	}

	@Test
	void relayThatDoesNotAnswerIsDeadAfterTheTimeout() {
		this.heartbeat.ping(0, 0);
		assertThat(this.heartbeat.isDead(10 * SECOND)).isFalse();
		assertThat(this.heartbeat.isDead(10 * SECOND + 1)).isTrue();
	}

	@Test
	void relayIsNotDeadWhileNothingWasAsked() {
		this.heartbeat.pong(this.heartbeat.ping(0, 0));
		assertThat(this.heartbeat.isDead(1000 * SECOND)).isFalse();
	}

	@Test
	void relayThatStillSendsGetsMoreTimeButNotForever() {
		this.heartbeat.ping(0, 0);
		for (int second = 1; second <= 60; second++) {
			this.heartbeat.received(second * SECOND);
			assertThat(this.heartbeat.isDead(second * SECOND)).isFalse();
		}
		this.heartbeat.received(61 * SECOND);
		assertThat(this.heartbeat.isDead(61 * SECOND)).isTrue();
	}

	@Test
	void timeDoesNotCountWhileThisSideDoesNotRead() {
		this.heartbeat.ping(0, 0);
		this.heartbeat.pause();
		assertThat(this.heartbeat.isDead(1000 * SECOND)).isFalse();
		this.heartbeat.resume(1000 * SECOND);
		assertThat(this.heartbeat.isDead(1010 * SECOND)).isFalse();
		assertThat(this.heartbeat.isDead(1011 * SECOND)).isTrue();
	}

}
