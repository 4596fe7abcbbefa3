package com.pacerelle.client;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;

import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.message.ResponseMode;
import com.pacerelle.client.message.Widget;
import com.pacerelle.client.message.WidgetUpdate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The plaintext inside a message (gateway.md section 5.1).
 */
final class Payload {

	private static final int VERSION = 1;

	private Payload() {
	}

	/**
	 * What a handler reads: the text of a chat message, and anything else as it is.
	 * @param plaintext the decrypted payload
	 * @return the text
	 */
	static String text(String plaintext) {
		ObjectNode object = GatewayJson.readObject(plaintext);
		String text = (object != null && is(object, "kind", "chat.message")) ? object.path("text").stringValue(null)
				: null;
		return (text != null) ? text : plaintext;
	}

	/**
	 * The plaintext of what the agent says.
	 * @param content the content
	 * @return the plaintext
	 */
	static Encoded encode(Content content) {
		if (content instanceof Reply reply) {
			return new Encoded(ofText(reply.text()), null);
		}
		if (content instanceof Widget<?> widget) {
			String id = idOf(widget.id());
			ObjectNode node = typed("widget.standard", id).put("kind", widget.kind());
			node.set("spec", GatewayJson.MAPPER.valueToTree(widget.spec()));
			Instant expiresAt = widget.expiresAt();
			if (expiresAt != null) {
				node.put("expires_at", DateTimeFormatter.ISO_INSTANT.format(expiresAt));
			}
			ResponseMode responseMode = widget.responseMode();
			if (responseMode != null) {
				node.put("response_mode", responseMode.name().toLowerCase(Locale.ROOT));
			}
			return new Encoded(GatewayJson.MAPPER.writeValueAsString(node), id);
		}
		if (content instanceof WidgetUpdate update) {
			String id = idOf(update.id());
			ObjectNode node = typed("widget.update", id).put("ref", update.ref());
			node.set("patch", GatewayJson.MAPPER.valueToTree(update.patch()));
			return new Encoded(GatewayJson.MAPPER.writeValueAsString(node), id);
		}
		throw new IllegalArgumentException("Files are not sent yet");
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
		if (!readAsMore) {
			return text;
		}
		ObjectNode message = GatewayJson.MAPPER.createObjectNode();
		message.put("kind", "chat.message").put("text", text).putArray("attachments");
		return GatewayJson.MAPPER.writeValueAsString(message);
	}

	private static boolean is(ObjectNode object, String name, String value) {
		return value.equals(object.path(name).stringValue(null));
	}

	/**
	 * What goes into the encryption.
	 *
	 * @param plaintext the plaintext
	 * @param widgetId the id of the widget or update, or {@code null}
	 */
	record Encoded(String plaintext, @Nullable String widgetId) {

		@Override
		public String toString() {
			return "Encoded[widgetId=" + this.widgetId + "]";
		}

	}

}
