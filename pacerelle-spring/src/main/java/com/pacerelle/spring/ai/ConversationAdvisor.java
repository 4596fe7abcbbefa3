package com.pacerelle.spring.ai;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import com.pacerelle.client.Conversation;
import com.pacerelle.spring.handler.HandlerInvocation;
import com.pacerelle.spring.permission.ToolPermissions;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import reactor.core.publisher.Flux;

import org.springframework.core.Ordered;

/**
 * Tells the advisors and tools of a call which conversation it is for: the one whose
 * message is handled. A chat memory then is that of the conversation, and tools find the
 * person whose permission they need, also on other threads. Calls for no message stay as
 * they are, and so does what a call says itself.
 */
public final class ConversationAdvisor implements CallAdvisor, StreamAdvisor {

	/** Before memories and tools. */
	private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 100;

	/**
	 * The id of the chat memory of a conversation. Two people never share one, whatever
	 * ids the relay gives to their conversations, and the members of a group do. It says
	 * nothing about the person, and has 32 characters.
	 * @param conversation the conversation
	 * @return the value for {@link ChatMemory#CONVERSATION_ID}
	 */
	public static String memoryId(Conversation conversation) {
		return Sha256.half(conversation.to().length() + ":" + conversation.to() + conversation.id());
	}

	@Override
	public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
		return chain
			.nextCall(HandlerInvocation.current().map((invocation) -> request(request, invocation)).orElse(request));
	}

	@Override
	public Flux<ChatClientResponse> adviseStream(ChatClientRequest request, StreamAdvisorChain chain) {
		return HandlerInvocation.fromContext()
			.map((invocation) -> request(request, invocation))
			.defaultIfEmpty(request)
			.flatMapMany(chain::nextStream);
	}

	private static ChatClientRequest request(ChatClientRequest request, HandlerInvocation invocation) {
		ChatClientRequest.Builder builder = request.mutate();
		if (!request.context().containsKey(ChatMemory.CONVERSATION_ID)) {
			builder.context(ChatMemory.CONVERSATION_ID, memoryId(invocation.conversation()));
		}
		if (request.prompt().getOptions() instanceof ToolCallingChatOptions options) {
			Map<String, Object> toolContext = new HashMap<>();
			toolContext.put(ToolPermissions.INVOCATION, invocation);
			toolContext.putAll(Optional.ofNullable(options.getToolContext()).orElse(Map.of()));
			ChatOptions withContext = options.mutate().toolContext(toolContext).build();
			builder.prompt(request.prompt().mutate().chatOptions(withContext).build());
		}
		return builder.build();
	}

	@Override
	public String getName() {
		return "pacerelleConversation";
	}

	@Override
	public int getOrder() {
		return ORDER;
	}

}
