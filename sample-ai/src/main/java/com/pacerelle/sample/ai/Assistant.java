package com.pacerelle.sample.ai;

import com.pacerelle.spring.ai.PersonTools;
import com.pacerelle.spring.handler.HandlerInvocation;
import com.pacerelle.spring.handler.PacerelleHandler;
import com.pacerelle.spring.permission.ToolPermissions;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.advisor.MessageChatMemoryAdvisor;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.tool.method.MethodToolCallbackProvider;
import reactor.core.publisher.Flux;

import org.springframework.stereotype.Component;

/**
 * Hands what people write to the model.
 */
@Component
class Assistant {

	private final ChatClient chatClient;

	// tag::client[]
	Assistant(ChatClient.Builder builder, ChatMemory memory, ToolPermissions permissions, Notebook notebook) {
		this.chatClient = builder.defaultSystem("You keep the notebook of the person you are talking with.")
			.defaultAdvisors(MessageChatMemoryAdvisor.builder(memory).build())
			.defaultTools(permissions.require(MethodToolCallbackProvider.builder().toolObjects(notebook).build()))
			.build();
	}
	// end::client[]

	// tag::handler[]
	@PacerelleHandler
	Flux<String> answer(UserMessage message, HandlerInvocation invocation) {
		return this.chatClient.prompt().messages(message).tools(PersonTools.of(invocation)).stream().content();
	}
	// end::handler[]

}
