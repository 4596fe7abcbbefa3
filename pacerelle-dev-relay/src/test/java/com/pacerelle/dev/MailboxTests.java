package com.pacerelle.dev;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class MailboxTests {

	private final Mailbox mailbox = new Mailbox();

	@Test
	void refusesMessagesWhenItIsFull() {
		String frame = "x".repeat(Mailbox.CAPACITY / 2);
		add("1", frame);
		add("2", frame);
		assertThatIllegalStateException().isThrownBy(() -> add("3", "x"))
			.withMessageContaining("2 messages that the agent has not acknowledged");
		assertThat(this.mailbox.acknowledge(new AgentFrame.AckRead("1", "alice", "conversation"))).isTrue();
		add("3", "x");
		assertThat(this.mailbox.unacknowledged()).containsExactly("2", "3");
	}

	@Test
	void toleratesAnAcknowledgementThatComesTwice() {
		add("1", "x");
		AgentFrame.AckRead ack = new AgentFrame.AckRead("1", "alice", "conversation");
		assertThat(this.mailbox.acknowledge(ack)).isTrue();
		assertThat(this.mailbox.acknowledge(ack)).isFalse();
	}

	private void add(String id, String frame) {
		this.mailbox.add(id, "alice", "conversation", frame);
	}

}
