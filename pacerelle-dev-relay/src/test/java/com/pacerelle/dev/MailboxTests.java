package com.pacerelle.dev;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

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

	@Test
	void letsOneMessageMeetEachFault() {
		AgentConnection connection = new AgentConnection();
		Queue<String> delivered = new ConcurrentLinkedQueue<>();
		connection.frames().subscribe(delivered::add);
		this.mailbox.connect(connection);
		this.mailbox.failNext(Fault.DELAY);
		add("1", "late");
		this.mailbox.failNext(Fault.DUPLICATE);
		add("2", "twice");
		this.mailbox.failNext(Fault.DROP);
		add("3", "lost");
		add("4", "fine");
		await().untilAsserted(() -> assertThat(delivered).containsExactly("twice", "twice", "fine", "late"));
		assertThat(this.mailbox.unacknowledged()).containsExactly("1", "2", "3", "4");
	}

	@Test
	void deliversAMessageAfterTheNextOne() {
		AgentConnection connection = new AgentConnection();
		Queue<String> delivered = new ConcurrentLinkedQueue<>();
		connection.frames().subscribe(delivered::add);
		this.mailbox.connect(connection);
		this.mailbox.failNext(Fault.REORDER);
		add("1", "first");
		add("2", "second");
		add("3", "third");
		assertThat(delivered).containsExactly("second", "first", "third");
		assertThat(this.mailbox.unacknowledged()).containsExactly("1", "2", "3");
	}

	private void add(String id, String frame) {
		this.mailbox.add(id, "alice", "conversation", frame);
	}

}
