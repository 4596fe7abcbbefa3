package com.pacerelle.spring.ai;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.pacerelle.client.Conversation;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.spring.handler.HandlerInvocation;
import com.pacerelle.spring.permission.ToolPermissions;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ConversationAdvisor}.
 */
class ConversationAdvisorTests {

	private final ConversationAdvisor advisor = new ConversationAdvisor();

	private final List<ChatClientRequest> advised = new ArrayList<>();

	private final HandlerInvocation invocation = new HandlerInvocation(
			AgentMessage.builder("alice", "c-1").id("m-1").text("hello").build(), conversation("alice", "c-1"));

	@Test
	void aCallInAHandlerHasTheMemoryOfItsConversation() {
		this.invocation.call(() -> call(request(Map.of())));
		assertThat(this.advised.get(0).context()).containsEntry(ChatMemory.CONVERSATION_ID,
				ConversationAdvisor.memoryId(this.invocation.conversation()));
	}

	@Test
	void aStreamFindsItsConversationOnAnyThread() {
		stream(request(Map.of())).contextWrite(Context.of(HandlerInvocation.class, this.invocation)).blockLast();
		assertThat(this.advised.get(0).context()).containsEntry(ChatMemory.CONVERSATION_ID,
				ConversationAdvisor.memoryId(this.invocation.conversation()));
	}

	@Test
	void toolsFindThePersonBehindTheMessage() {
		this.invocation.call(() -> call(request(Map.of())));
		stream(request(Map.of())).contextWrite(Context.of(HandlerInvocation.class, this.invocation)).blockLast();
		assertThat(this.advised).hasSize(2)
			.allSatisfy((request) -> assertThat(toolContext(request)).containsEntry("own", 1)
				.containsEntry(ToolPermissions.INVOCATION, this.invocation));
	}

	@Test
	void whatACallSaysItselfStays() {
		this.invocation.call(() -> call(request(Map.of(ChatMemory.CONVERSATION_ID, "own"))));
		assertThat(this.advised.get(0).context()).containsEntry(ChatMemory.CONVERSATION_ID, "own");
	}

	@Test
	void aCallOutsideOfHandlersStaysAsItIs() {
		ChatClientRequest request = request(Map.of());
		call(request);
		stream(request).blockLast();
		assertThat(this.advised).hasSize(2).allSatisfy((advised) -> assertThat(advised).isSameAs(request));
	}

	@Test
	void twoPeopleNeverShareAMemory() {
		assertThat(List.of(conversation("alice", "c-1"), conversation("alice", "c-2"), conversation("bob", "c-1"),
				conversation("a", "lice:c-1"), conversation("alice:", "c-1"), conversation("al", "icec-1")))
			.extracting(ConversationAdvisor::memoryId)
			.doesNotHaveDuplicates()
			.allSatisfy((id) -> assertThat(id).hasSize(32).doesNotContain("alice"));
	}

	private Void call(ChatClientRequest request) {
		CallAdvisorChain chain = mock(CallAdvisorChain.class);
		given(chain.nextCall(any())).willAnswer((call) -> {
			this.advised.add(call.getArgument(0));
			return null;
		});
		this.advisor.adviseCall(request, chain);
		return null;
	}

	private Flux<?> stream(ChatClientRequest request) {
		StreamAdvisorChain chain = mock(StreamAdvisorChain.class);
		given(chain.nextStream(any())).willAnswer((call) -> {
			this.advised.add(call.getArgument(0));
			return Flux.empty();
		});
		return this.advisor.adviseStream(request, chain).subscribeOn(Schedulers.boundedElastic());
	}

	private static ChatClientRequest request(Map<String, Object> context) {
		return new ChatClientRequest(
				new Prompt("hello", ToolCallingChatOptions.builder().toolContext("own", 1).build()), context);
	}

	private static Map<String, Object> toolContext(ChatClientRequest request) {
		ToolCallingChatOptions options = (ToolCallingChatOptions) request.prompt().getOptions();
		return (options != null) ? options.getToolContext() : Map.of();
	}

	private static Conversation conversation(String to, String id) {
		Conversation conversation = mock(Conversation.class);
		given(conversation.to()).willReturn(to);
		given(conversation.id()).willReturn(id);
		return conversation;
	}

}
