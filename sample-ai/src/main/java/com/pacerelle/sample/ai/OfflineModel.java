package com.pacerelle.sample.ai;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.AssistantMessage.ToolCall;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import reactor.core.publisher.Flux;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/**
 * A model that needs no network, as it only pretends: it talks slowly, asks before it
 * goes on when it reads {@code ask}, and writes a note when it reads {@code note}.
 */
@Component
@ConditionalOnProperty(name = "spring.ai.model.chat", havingValue = "none")
class OfflineModel implements ChatModel {

	private static final Duration PACE = Duration.ofMillis(60);

	@Override
	public ChatOptions getOptions() {
		return ToolCallingChatOptions.builder().build();
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		return response(answer(prompt));
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		AssistantMessage answer = answer(prompt);
		if (answer.hasToolCalls()) {
			return Flux.just(response(answer));
		}
		String text = String.valueOf(answer.getText());
		return Flux.fromArray(text.split("(?<= )"))
			.delayElements(PACE)
			.map((word) -> response(new AssistantMessage(word)));
	}

	private static ChatResponse response(AssistantMessage message) {
		return new ChatResponse(List.of(new Generation(message)));
	}

	private static AssistantMessage answer(Prompt prompt) {
		List<Message> messages = prompt.getInstructions();
		if (messages.get(messages.size() - 1) instanceof ToolResponseMessage result) {
			return new AssistantMessage("The tool says: " + result.getResponses().get(0).responseData());
		}
		String text = String.valueOf(prompt.getUserMessage().getText());
		if (text.startsWith("ask")) {
			return call("ask_person_to_confirm", Map.of("question", "Shall I go on?"));
		}
		if (text.startsWith("note")) {
			return call("write_note", Map.of("note", text.substring(4).strip()));
		}
		long said = messages.stream().filter(UserMessage.class::isInstance).count();
		return new AssistantMessage("I am no real model, so I cannot say much. What I know of this conversation: "
				+ "your messages so far are " + said + ", and the last one is \"" + text + "\", with "
				+ prompt.getUserMessage().getMedia().size() + " files. Say \"ask\" or \"note\" to see me use tools.");
	}

	private static AssistantMessage call(String tool, Map<String, String> arguments) {
		ToolCall call = new ToolCall("call-1", "function", tool, JsonMapper.shared().writeValueAsString(arguments));
		return AssistantMessage.builder().content("").toolCalls(List.of(call)).build();
	}

}
