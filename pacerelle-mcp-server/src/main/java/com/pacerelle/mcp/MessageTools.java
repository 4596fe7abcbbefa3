package com.pacerelle.mcp;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import com.pacerelle.client.Conversation;
import com.pacerelle.client.SentMessage;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Progress;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.message.WidgetUpdate;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.McpToolParam;

import org.springframework.stereotype.Component;

/**
 * Tools that send and receive.
 */
@Component
class MessageTools {

	static final String CONVERSATION = "The conversation, as list_conversations and wait_for_messages name it";

	private static final int DEFAULT_WAIT_SECONDS = 30;

	private static final int MAX_WAIT_SECONDS = 600;

	private final KnownConversations conversations;

	private final Inbox inbox;

	private final SharedFiles files;

	MessageTools(KnownConversations conversations, Inbox inbox, SharedFiles files) {
		this.conversations = conversations;
		this.inbox = inbox;
		this.files = files;
	}

	@McpTool(name = "list_conversations",
			description = "Lists the conversations with people and groups. Only people start conversations.",
			annotations = @McpTool.McpAnnotations(readOnlyHint = true, destructiveHint = false))
	List<KnownConversation> listConversations() {
		return this.conversations.all();
	}

	@McpTool(name = "wait_for_messages",
			description = "Waits until people have written, and returns what they wrote, maybe nothing. "
					+ "Each message is returned once; later messages of a conversation come with the next call.",
			annotations = @McpTool.McpAnnotations(destructiveHint = false))
	List<ReceivedMessage> waitForMessages(@McpToolParam(required = false,
			description = "How long to wait, 30 seconds unless set, at most 600") @Nullable Integer timeoutSeconds)
			throws InterruptedException {
		return this.inbox.take(timeout(timeoutSeconds)).stream().map(this::accept).toList();
	}

	private ReceivedMessage accept(Inbox.Waiting waiting) {
		List<ReceivedMessage.File> saved = waiting.message()
			.attachments()
			.stream()
			.map((attachment) -> ReceivedMessage.File.of(attachment, this.files.save(attachment)))
			.toList();
		waiting.accept();
		return ReceivedMessage.of(waiting.conversation(), waiting.message(), saved);
	}

	@McpTool(name = "send_text", description = "Sends a text",
			annotations = @McpTool.McpAnnotations(destructiveHint = false))
	String sendText(@McpToolParam(description = CONVERSATION) String conversation,
			@McpToolParam(description = "The text") String text, @McpToolParam(required = false,
					description = "The message that it answers, as wait_for_messages named it") @Nullable String replyTo) {
		return send(conversation, replyTo, new Reply(text)).id();
	}

	@McpTool(name = "send_file",
			description = "Sends a file of this machine, from the directories that its user has allowed",
			annotations = @McpTool.McpAnnotations(destructiveHint = false))
	String sendFile(@McpToolParam(description = CONVERSATION) String conversation,
			@McpToolParam(description = "The path of the file") String path,
			@McpToolParam(required = false, description = "A text that goes with it") @Nullable String text) {
		return send(conversation, null, new Reply((text != null) ? text : "", List.of(this.files.toSend(path)))).id();
	}

	@McpTool(name = "show_progress",
			description = "Shows how far a task is. The first call returns an id; give it to later calls to change "
					+ "what is shown.",
			annotations = @McpTool.McpAnnotations(destructiveHint = false))
	String showProgress(@McpToolParam(description = CONVERSATION) String conversation,
			@McpToolParam(description = "What is being done") String title,
			@McpToolParam(description = "How much is done") double value,
			@McpToolParam(description = "How much there is to do") double max,
			@McpToolParam(required = false, description = "What is being done right now") @Nullable String details,
			@McpToolParam(required = false,
					description = "What an earlier call returned") @Nullable String progressId) {
		String id = (progressId != null) ? progressId : UUID.randomUUID().toString();
		Progress progress = Progress.of(title, value, max).id(id).body((details != null) ? details : "");
		Content content = (progressId == null) ? progress
				: WidgetUpdate.of(id).title(title).value(value).with("max", max).body((details != null) ? details : "");
		send(conversation, null, content);
		return id;
	}

	private SentMessage send(String conversation, @Nullable String replyTo, Content content) {
		Conversation target = this.conversations.get(conversation);
		return Objects.requireNonNull(((replyTo != null) ? target.replyingTo(replyTo) : target).send(content).block(),
				"Nothing was sent");
	}

	/**
	 * How long a call may wait.
	 * @param seconds what the client wants, or {@code null}
	 * @return a time that ends
	 */
	static Duration timeout(@Nullable Integer seconds) {
		return Duration
			.ofSeconds((seconds != null) ? Math.max(0, Math.min(MAX_WAIT_SECONDS, seconds)) : DEFAULT_WAIT_SECONDS);
	}

}
