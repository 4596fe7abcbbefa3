package com.pacerelle.mcp;

import java.util.List;

import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.WidgetResponse;
import org.jspecify.annotations.Nullable;

/**
 * A message of a person, as a client gets it. Its {@code toString()} has no content.
 *
 * @param conversation the conversation, for other tools
 * @param messageId the message, to reply to
 * @param from the person
 * @param text the text
 * @param files the files
 * @param lateAnswer the answer to a question that nobody waits for any more, or
 * {@code null}
 */
record ReceivedMessage(String conversation, String messageId, String from, String text, List<File> files,
		@Nullable LateAnswer lateAnswer) {

	static ReceivedMessage of(KnownConversation conversation, AgentMessage message, List<File> files) {
		WidgetResponse response = message.widgetResponse();
		return new ReceivedMessage(conversation.conversation(), message.id(), message.from(), message.text(), files,
				(response != null) ? new LateAnswer(response.ref(), response.cancelled(), response.value()) : null);
	}

	@Override
	public String toString() {
		return "ReceivedMessage[messageId=" + this.messageId + "]";
	}

	/**
	 * A file.
	 *
	 * @param name its name
	 * @param type its type, as the person's device says
	 * @param size its size in bytes
	 * @param path where it is saved, or {@code null} if files are not saved
	 */
	record File(String name, String type, long size, @Nullable String path) {

		static File of(AgentAttachment attachment, @Nullable String path) {
			return new File(attachment.name(), attachment.mime(), attachment.size(), path);
		}

		@Override
		public String toString() {
			return "File[size=" + this.size + "]";
		}

	}

	/**
	 * An answer.
	 *
	 * @param questionId the question
	 * @param cancelled whether the person cancelled it
	 * @param value the answer as it is sent, or {@code null}
	 */
	record LateAnswer(String questionId, boolean cancelled, @Nullable Object value) {

		@Override
		public String toString() {
			return "LateAnswer[questionId=" + this.questionId + "]";
		}

	}

}
