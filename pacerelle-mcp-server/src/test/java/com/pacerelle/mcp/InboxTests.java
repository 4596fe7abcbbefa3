package com.pacerelle.mcp;

import java.time.Duration;
import java.util.List;

import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.RetrySettings;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.mcp.Inbox.Waiting;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link Inbox}.
 */
class InboxTests {

	private final Inbox inbox = new Inbox();

	@Test
	void aMessageIsAcceptedWhenItIsTakenAndNotBefore() throws InterruptedException {
		Disposable call = handle("m-1");
		assertThat(call.isDisposed()).isFalse();
		List<Waiting> taken = this.inbox.take(Duration.ZERO);
		assertThat(taken).hasSize(1);
		taken.get(0).accept();
		assertThat(call.isDisposed()).isTrue();
		assertThat(this.inbox.take(Duration.ZERO)).isEmpty();
	}

	@Test
	void whatWaitsIsTakenInItsOrder() throws InterruptedException {
		handle("m-1");
		handle("m-2");
		assertThat(this.inbox.take(Duration.ZERO)).extracting((waiting) -> waiting.message().id())
			.containsExactly("m-1", "m-2");
	}

	@Test
	void aMessageWhoseCallIsOverIsNotTaken() throws InterruptedException {
		handle("m-1").dispose();
		assertThat(this.inbox.take(Duration.ZERO)).isEmpty();
	}

	@Test
	void aMessageThatNobodyTakesNeverFails() {
		RetrySettings defaults = AgentGatewaySettings.builder("agent", "token").build().handling().retry();
		assertThat(this.inbox.retryFor(message("m-1"), defaults).attempts()).isEqualTo(Integer.MAX_VALUE);
	}

	private Disposable handle(String id) {
		Conversation conversation = mock(Conversation.class);
		given(conversation.to()).willReturn("alice");
		given(conversation.id()).willReturn("c-1");
		return Mono.from(this.inbox.handle(message(id), conversation)).subscribe();
	}

	private static AgentMessage message(String id) {
		return AgentMessage.builder("alice", "c-1").id(id).text("hello").build();
	}

}
