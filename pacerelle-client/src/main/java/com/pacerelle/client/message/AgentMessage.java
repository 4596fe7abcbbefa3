package com.pacerelle.client.message;

import java.util.List;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A decrypted message to the agent (gateway.md sections 4, 5.1). Its {@code toString()}
 * has no content.
 */
public sealed interface AgentMessage permits DefaultAgentMessage {

	/**
	 * The message's id, the idempotency key of its handling.
	 * @return the id
	 */
	String id();

	/**
	 * The conversation.
	 * @return its id
	 */
	String conversationId();

	/**
	 * The person who sent it.
	 * @return the person's id
	 */
	String from();

	/**
	 * The device it came from.
	 * @return the device's id, or {@code null} if it named none
	 */
	@Nullable String fromDeviceId();

	/**
	 * Whether it was sent to a group.
	 * @return whether it was
	 */
	boolean group();

	/**
	 * Whether it came encrypted.
	 * @return always {@code true} unless end-to-end encryption is off
	 */
	boolean encrypted();

	/**
	 * The text.
	 * @return the text, possibly empty; empty for an answer and an update
	 */
	String text();

	/**
	 * The files that came with it.
	 * @return the files, unmodifiable
	 */
	List<AgentAttachment> attachments();

	/**
	 * The message that it answers.
	 * @return the message's id, or {@code null}
	 */
	@Nullable String replyToMessageId();

	/**
	 * The answer to a widget.
	 * @return the answer, or {@code null} if it is none
	 */
	@Nullable WidgetResponse widgetResponse();

	/**
	 * The change of a widget.
	 * @return the change, or {@code null} if it is none
	 */
	@Nullable WidgetUpdate widgetUpdate();

	/**
	 * Starts an encrypted, direct message without a text, such as the test of a handler
	 * needs it.
	 * @param from the id of the person who sends it
	 * @param conversationId the conversation
	 * @return a builder
	 */
	static Builder builder(String from, String conversationId) {
		return new Builder(from, conversationId);
	}

	/**
	 * Builds an {@link AgentMessage}.
	 */
	final class Builder {

		private final String from;

		private final String conversationId;

		private @Nullable String id;

		private @Nullable String fromDeviceId;

		private boolean group;

		private boolean encrypted = true;

		private String text = "";

		private List<AgentAttachment> attachments = List.of();

		private @Nullable String replyToMessageId;

		private @Nullable WidgetResponse widgetResponse;

		private @Nullable WidgetUpdate widgetUpdate;

		private Builder(String from, String conversationId) {
			this.from = Objects.requireNonNull(from, "'from' must not be null");
			this.conversationId = Objects.requireNonNull(conversationId, "'conversationId' must not be null");
		}

		/**
		 * Sets {@link AgentMessage#id()}. Without it, the message gets a random one.
		 * @param id the message's id
		 * @return this builder
		 */
		public Builder id(String id) {
			this.id = id;
			return this;
		}

		/**
		 * Sets {@link AgentMessage#fromDeviceId()}.
		 * @param fromDeviceId the device's id, or {@code null}
		 * @return this builder
		 */
		public Builder fromDeviceId(@Nullable String fromDeviceId) {
			this.fromDeviceId = fromDeviceId;
			return this;
		}

		/**
		 * Sets {@link AgentMessage#group()}.
		 * @param group whether it was sent to a group
		 * @return this builder
		 */
		public Builder group(boolean group) {
			this.group = group;
			return this;
		}

		/**
		 * Sets {@link AgentMessage#encrypted()}.
		 * @param encrypted whether it came encrypted
		 * @return this builder
		 */
		public Builder encrypted(boolean encrypted) {
			this.encrypted = encrypted;
			return this;
		}

		/**
		 * Sets {@link AgentMessage#text()}.
		 * @param text the text
		 * @return this builder
		 */
		public Builder text(String text) {
			this.text = Objects.requireNonNull(text, "'text' must not be null");
			return this;
		}

		/**
		 * Sets {@link AgentMessage#attachments()}.
		 * @param attachments the files
		 * @return this builder
		 */
		public Builder attachments(AgentAttachment... attachments) {
			return attachments(List.of(attachments));
		}

		/**
		 * Sets {@link AgentMessage#attachments()}.
		 * @param attachments the files
		 * @return this builder
		 */
		public Builder attachments(List<AgentAttachment> attachments) {
			this.attachments = List.copyOf(attachments);
			return this;
		}

		/**
		 * Sets {@link AgentMessage#replyToMessageId()}.
		 * @param replyToMessageId the message that it answers, or {@code null}
		 * @return this builder
		 */
		public Builder replyToMessageId(@Nullable String replyToMessageId) {
			this.replyToMessageId = replyToMessageId;
			return this;
		}

		/**
		 * Sets {@link AgentMessage#widgetResponse()}.
		 * @param widgetResponse the answer to a widget, or {@code null}
		 * @return this builder
		 */
		public Builder widgetResponse(@Nullable WidgetResponse widgetResponse) {
			this.widgetResponse = widgetResponse;
			return this;
		}

		/**
		 * Sets {@link AgentMessage#widgetUpdate()}.
		 * @param widgetUpdate the change of a widget, or {@code null}
		 * @return this builder
		 */
		public Builder widgetUpdate(@Nullable WidgetUpdate widgetUpdate) {
			this.widgetUpdate = widgetUpdate;
			return this;
		}

		/**
		 * Builds the message.
		 * @return the message
		 */
		public AgentMessage build() {
			return new DefaultAgentMessage((this.id != null) ? this.id : UUID.randomUUID().toString(),
					this.conversationId, this.from, this.fromDeviceId, this.group, this.encrypted, this.text,
					this.attachments, this.replyToMessageId, this.widgetResponse, this.widgetUpdate);
		}

	}

}
