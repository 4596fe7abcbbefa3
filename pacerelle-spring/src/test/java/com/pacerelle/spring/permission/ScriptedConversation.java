package com.pacerelle.spring.permission;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;

import com.pacerelle.client.Conversation;
import com.pacerelle.client.SentMessage;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Permission;
import com.pacerelle.client.message.Question;
import com.pacerelle.client.message.Tally;
import com.pacerelle.client.message.WidgetResponse;
import com.pacerelle.client.message.WidgetUpdate;
import reactor.core.publisher.Mono;

/**
 * A conversation with Alice, who answers each question as the script says.
 */
final class ScriptedConversation implements Conversation {

	static final Map<String, Object> ONCE = Map.of("granted", true, "scope", "once");

	static final Map<String, Object> SESSION = Map.of("granted", true, "scope", "session");

	static final Map<String, Object> NO = Map.of("granted", false);

	final Queue<Object> answers = new ArrayDeque<>();

	final List<Permission> asked = new ArrayList<>();

	final List<Content> sent = new ArrayList<>();

	@Override
	public String id() {
		return "c-1";
	}

	@Override
	public String to() {
		return "alice";
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
		return Mono.fromSupplier(() -> {
			this.sent.add(content);
			return new SentMessage("s-1", "c-1", null);
		});
	}

	@Override
	public <T> Mono<T> ask(Question<T> question) {
		return Mono.fromSupplier(() -> askAndWait(question));
	}

	@Override
	public <T> Mono<T> ask(Question<T> question, Duration timeout) {
		return ask(question);
	}

	@Override
	public <T> T askAndWait(Question<T> question) {
		Permission widget = (Permission) question.widget();
		this.asked.add(widget);
		Object answer = this.answers.remove();
		if (answer instanceof RuntimeException noAnswer) {
			throw noAnswer;
		}
		return question.read(answer(Objects.requireNonNull(widget.id()), answer));
	}

	@Override
	public <T> T askAndWait(Question<T> question, Duration timeout) {
		return askAndWait(question);
	}

	@Override
	public <T> Mono<Tally<T>> tally(String widgetId, Class<T> type) {
		return Mono.empty();
	}

	AgentMessage message() {
		return AgentMessage.builder("alice", "c-1").id("m-1").text("/cleanup").build();
	}

	AgentMessage answer(String ref, Object value) {
		return AgentMessage.builder("alice", "c-1")
			.id("a-1")
			.widgetResponse(new WidgetResponse(UUID.randomUUID().toString(), ref, value, false))
			.build();
	}

	/**
	 * What Alice was told last about a permission.
	 */
	Object status() {
		WidgetUpdate update = (WidgetUpdate) this.sent.get(this.sent.size() - 1);
		Map<?, ?> spec = (Map<?, ?>) Objects.requireNonNull(update.patch().get("spec"));
		return ((Map<?, ?>) spec.get("authorization")).get("status");
	}

}
