package com.pacerelle.spring.handler;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.pacerelle.client.Conversation;
import com.pacerelle.client.SentMessage;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Question;
import com.pacerelle.client.message.Tally;
import reactor.core.publisher.Mono;

/**
 * A conversation in which nothing can be sent, and in which Ada has voted for yes or for
 * the format {@code pdf}.
 */
enum TestConversation implements Conversation {

	INSTANCE;

	@Override
	public String id() {
		return "c1";
	}

	@Override
	public String to() {
		return "u1";
	}

	@Override
	public boolean isGroup() {
		return false;
	}

	@Override
	public Conversation replyingTo(String messageId) {
		return this;
	}

	@Override
	public Conversation onDevice(String deviceId) {
		return this;
	}

	@Override
	public Mono<SentMessage> send(Content content) {
		return Mono.error(new UnsupportedOperationException());
	}

	@Override
	public <T> Mono<T> ask(Question<T> question) {
		return Mono.error(new UnsupportedOperationException());
	}

	@Override
	public <T> Mono<T> ask(Question<T> question, Duration timeout) {
		return ask(question);
	}

	@Override
	public <T> Mono<Tally<T>> tally(String widgetId, Class<T> type) {
		if (!widgetId.startsWith("Tally")) {
			return Mono.empty();
		}
		List<Object> options = (type == Boolean.class) ? List.of(true, false) : List.of("pdf", "json");
		return Mono.just(new Tally<>(options, Map.of("Ada", List.of(options.get(0)))).map(type::cast));
	}

}
