package com.pacerelle.mcp;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.Conversation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link KnownConversations}.
 */
class KnownConversationsTests {

	private final AgentGatewayClient client = mock(AgentGatewayClient.class);

	private final KnownConversations conversations = new KnownConversations(this.client);

	private final Conversation alice = conversation("alice", "c-1");

	private final Conversation group = conversation("group:c-2", "c-2");

	@BeforeEach
	void peopleHaveWritten() {
		given(this.client.conversations()).willReturn(Flux.just(this.alice, this.group));
	}

	@Test
	void eachConversationIsFoundByItsName() {
		assertThat(this.conversations.all()).extracting(KnownConversation::to).containsExactly("alice", "group:c-2");
		assertThat(this.conversations.all()).extracting(KnownConversation::conversation)
			.doesNotHaveDuplicates()
			.extracting(this.conversations::get)
			.containsExactly(this.alice, this.group);
	}

	@Test
	void oneThatNobodyHasWrittenInIsNot() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.conversations.get("guess"))
			.withMessageStartingWith("There is no such conversation");
	}

	private static Conversation conversation(String to, String id) {
		Conversation conversation = mock(Conversation.class);
		given(conversation.to()).willReturn(to);
		given(conversation.id()).willReturn(id);
		return conversation;
	}

}
