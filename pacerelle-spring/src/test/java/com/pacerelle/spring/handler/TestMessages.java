package com.pacerelle.spring.handler;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Widget;
import com.pacerelle.client.message.WidgetResponse;
import com.pacerelle.client.message.WidgetUpdate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Messages that a person writes.
 */
final class TestMessages {

	private TestMessages() {
	}

	static AgentMessage text(String text) {
		return message(text, false, List.of(), null, null);
	}

	static AgentMessage inGroup(String text) {
		return message(text, true, List.of(), null, null);
	}

	static AgentMessage file(String text) {
		return message(text, false, List.of(attachment("f1", "report.pdf")), null, null);
	}

	static AgentMessage answer(String ref, @Nullable Object value, AgentAttachment... attachments) {
		return message("", false, List.of(attachments), new WidgetResponse("r1", ref, value, false), null);
	}

	/**
	 * An answer as it comes back from the store, with the data of its question.
	 */
	static AgentMessage answerTo(Widget<?> widget, Object value) {
		WidgetResponse response = new WidgetResponse("r1", String.valueOf(widget.id()), value, false,
				widget.header().data());
		return message("", false, List.of(), response, null);
	}

	static AgentMessage answerInGroup(String ref, Object value) {
		return message("", true, List.of(), new WidgetResponse("r1", ref, value, false), null);
	}

	static AgentMessage cancelled(String ref) {
		return message("", false, List.of(), new WidgetResponse("r1", ref, null, true), null);
	}

	static AgentMessage update(String ref) {
		return message("", false, List.of(), null, new WidgetUpdate(null, ref, Map.of()));
	}

	/**
	 * A file with the content {@code content}.
	 */
	static AgentAttachment attachment(String id, String name) {
		return AgentAttachment.builder(name, "application/pdf")
			.id(id)
			.size(3)
			.blobId("b1")
			.build()
			.from((attachment, listener) -> Mono
				.fromSupplier(() -> new ByteArrayInputStream("content".getBytes(StandardCharsets.UTF_8))));
	}

	private static AgentMessage message(String text, boolean group, List<AgentAttachment> attachments,
			@Nullable WidgetResponse response, @Nullable WidgetUpdate update) {
		return AgentMessage.builder("u1", "c1")
			.id("m1")
			.group(group)
			.text(text)
			.attachments(attachments)
			.widgetResponse(response)
			.widgetUpdate(update)
			.build();
	}

}
