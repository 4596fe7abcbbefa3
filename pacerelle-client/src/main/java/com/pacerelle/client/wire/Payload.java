package com.pacerelle.client.wire;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

import com.pacerelle.client.codec.GatewayJson;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentFile;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.message.ResponseMode;
import com.pacerelle.client.message.Widget;
import com.pacerelle.client.message.WidgetResponse;
import com.pacerelle.client.message.WidgetUpdate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The plaintext inside a message (gateway.md section 5.1).
 */
public final class Payload {

	private static final int VERSION = 1;

	private Payload() {
	}

	/**
	 * Reads what a person sent. What has no known structure is text.
	 * @param plaintext the decrypted payload
	 * @param encrypted whether it came encrypted
	 * @param attachments the attachments of the envelope
	 * @return what it carries
	 */
	public static Decoded decode(String plaintext, boolean encrypted, JsonNode attachments) {
		ObjectNode object = GatewayJson.readObject(plaintext);
		Decoded decoded = (object != null) ? decode(object, encrypted, attachments) : null;
		return (decoded != null) ? decoded : new Decoded(plaintext,
				Attachments.merge(encrypted, attachments, MissingNode.getInstance()), null, null);
	}

	private static @Nullable Decoded decode(ObjectNode object, boolean encrypted, JsonNode envelope) {
		List<AgentAttachment> attachments = Attachments.merge(encrypted, envelope, object.path("attachments"));
		String id = id(object, "id");
		String ref = id(object, "ref");
		if (is(object, "type", "widget.response") && id != null && ref != null) {
			WidgetResponse response = new WidgetResponse(id, ref, GatewayJson.value(object.path("value")),
					object.path("cancelled").booleanValue(false));
			return new Decoded("", attachments, response, null);
		}
		if (is(object, "type", "widget.update") && id != null && ref != null
				&& object.path("patch") instanceof ObjectNode patch) {
			return new Decoded("", attachments, null, new WidgetUpdate(id, ref, GatewayJson.map(patch)));
		}
		String text = is(object, "kind", "chat.message") ? object.path("text").stringValue(null) : null;
		return (text != null) ? new Decoded(text, attachments, null, null) : null;
	}

	private static @Nullable String id(ObjectNode object, String name) {
		String id = object.path(name).stringValue(null);
		return (id != null && InboundFrame.isId(id)) ? id : null;
	}

	/**
	 * The plaintext of what the agent says.
	 * @param content the content
	 * @param uploaded its uploaded files, in their order
	 * @return the plaintext
	 */
	public static Encoded encode(Content content, List<AgentAttachment> uploaded) {
		if (content instanceof Reply reply) {
			return encode(reply.text(), reply.files(), uploaded);
		}
		if (content instanceof AgentFile file) {
			return encode("", List.of(file), uploaded);
		}
		if (content instanceof Widget<?> widget) {
			return encode(widget);
		}
		if (content instanceof WidgetUpdate update) {
			String id = idOf(update.id());
			ObjectNode node = typed("widget.update", id).put("ref", update.ref());
			node.set("patch", GatewayJson.MAPPER.valueToTree(update.patch()));
			return new Encoded(GatewayJson.MAPPER.writeValueAsString(node), id, List.of());
		}
		throw new IllegalArgumentException("Unknown content " + content.getClass().getName());
	}

	private static Encoded encode(String text, List<AgentFile> files, List<AgentAttachment> uploaded) {
		if (files.size() != uploaded.size()) {
			throw new IllegalArgumentException("Each of the " + files.size() + " files must be uploaded first");
		}
		if (uploaded.isEmpty()) {
			return new Encoded(ofText(text), null, List.of());
		}
		return new Encoded(chatMessage(text, uploaded), null, uploaded.stream().map(Attachments::publicHalf).toList());
	}

	private static Encoded encode(Widget<?> widget) {
		String id = idOf(widget.id());
		ObjectNode node = typed("widget.standard", id).put("kind", widget.kind());
		node.set("spec", GatewayJson.MAPPER.valueToTree(widget.spec()));
		Instant expiresAt = widget.expiresAt();
		if (expiresAt != null) {
			node.put("expires_at", DateTimeFormatter.ISO_INSTANT.format(expiresAt.truncatedTo(ChronoUnit.MILLIS)));
		}
		ResponseMode responseMode = widget.responseMode();
		if (responseMode != null) {
			node.put("response_mode", responseMode.name().toLowerCase(Locale.ROOT));
		}
		return new Encoded(GatewayJson.MAPPER.writeValueAsString(node), id, List.of());
	}

	private static String idOf(@Nullable String id) {
		return (id != null) ? id : UUID.randomUUID().toString();
	}

	private static ObjectNode typed(String type, String id) {
		return GatewayJson.MAPPER.createObjectNode().put("type", type).put("id", id).put("v", VERSION);
	}

	/**
	 * The plaintext of a text. One that would be read as something else than text, such
	 * as a widget, is wrapped: a person's words, given back, cannot become one.
	 * @param text the text
	 * @return the payload to be encrypted
	 */
	static String ofText(String text) {
		ObjectNode object = GatewayJson.readObject(text.strip());
		boolean readAsMore = object != null && (object.path("type").isString() || object.path("kind").isString());
		return readAsMore ? chatMessage(text, List.of()) : text;
	}

	private static String chatMessage(String text, List<AgentAttachment> uploaded) {
		ObjectNode message = GatewayJson.MAPPER.createObjectNode().put("kind", "chat.message").put("text", text);
		ArrayNode secrets = message.putArray("attachments");
		uploaded.forEach((attachment) -> secrets.add(Attachments.secret(attachment)));
		return GatewayJson.MAPPER.writeValueAsString(message);
	}

	private static boolean is(ObjectNode object, String name, String value) {
		return value.equals(object.path(name).stringValue(null));
	}

	/**
	 * What a message of a person carries. Its {@code toString()} has no content.
	 *
	 * @param text the text, empty for an answer or an update
	 * @param attachments its files
	 * @param widgetResponse the answer, or {@code null} if it is none
	 * @param widgetUpdate the update, or {@code null} if it is none
	 */
	public record Decoded(String text, List<AgentAttachment> attachments, @Nullable WidgetResponse widgetResponse,
			@Nullable WidgetUpdate widgetUpdate) {

		@Override
		public String toString() {
			return "Decoded[]";
		}

	}

	/**
	 * What goes into a frame. Its {@code toString()} has no content.
	 *
	 * @param plaintext what goes into the encryption
	 * @param widgetId the id of the widget or update, or {@code null}
	 * @param attachments what the envelope says of the files
	 */
	public record Encoded(String plaintext, @Nullable String widgetId, List<Attachments.Public> attachments) {

		@Override
		public String toString() {
			return "Encoded[widgetId=" + this.widgetId + "]";
		}

	}

}
