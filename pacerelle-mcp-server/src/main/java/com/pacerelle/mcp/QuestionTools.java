package com.pacerelle.mcp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

import com.pacerelle.client.AnswerCancelledException;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.NoAnswerException;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.Choice;
import com.pacerelle.client.message.Choices;
import com.pacerelle.client.message.Confirm;
import com.pacerelle.client.message.DateTime;
import com.pacerelle.client.message.FilePicker;
import com.pacerelle.client.message.Form;
import com.pacerelle.client.message.FormField;
import com.pacerelle.client.message.Option;
import com.pacerelle.client.message.Permission;
import com.pacerelle.client.message.PermissionDecision;
import com.pacerelle.client.message.PermissionScope;
import com.pacerelle.client.message.Widget;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.McpTool.McpAnnotations;
import org.springframework.ai.mcp.annotation.McpToolParam;

import org.springframework.stereotype.Component;

/**
 * Tools that ask a person and wait for the answer.
 */
@Component
class QuestionTools {

	private static final String WAIT = "How long to wait for the answer, 30 seconds unless set, at most 600. "
			+ "A later answer comes with wait_for_messages";

	private static final String QUESTION = "The question, in one short sentence";

	private static final String DETAILS = "What the person has to know to answer";

	private final KnownConversations conversations;

	private final SharedFiles files;

	QuestionTools(KnownConversations conversations, SharedFiles files) {
		this.conversations = conversations;
		this.files = files;
	}

	@McpTool(name = "ask_confirm", description = "Asks a person a question that is answered with yes or no",
			annotations = @McpAnnotations(destructiveHint = false))
	Answer askConfirm(@McpToolParam(description = MessageTools.CONVERSATION) String conversation,
			@McpToolParam(description = QUESTION) String question,
			@McpToolParam(required = false, description = DETAILS) @Nullable String details,
			@McpToolParam(required = false,
					description = "Whether yes does something that cannot be undone") @Nullable Boolean danger,
			@McpToolParam(required = false, description = WAIT) @Nullable Integer timeoutSeconds) {
		Confirm confirm = Confirm.of(question);
		return ask(conversation, Boolean.TRUE.equals(danger) ? confirm.danger() : confirm, details, timeoutSeconds);
	}

	@McpTool(name = "ask_choice", description = "Asks a person to choose from a list",
			annotations = @McpAnnotations(destructiveHint = false))
	Answer askChoice(@McpToolParam(description = MessageTools.CONVERSATION) String conversation,
			@McpToolParam(description = QUESTION) String question,
			@McpToolParam(description = "What there is to choose from, at least two") List<String> options,
			@McpToolParam(required = false,
					description = "Whether more than one can be chosen") @Nullable Boolean several,
			@McpToolParam(required = false, description = DETAILS) @Nullable String details,
			@McpToolParam(required = false, description = WAIT) @Nullable Integer timeoutSeconds) {
		// The ids are the labels, so that a late answer says what was chosen.
		List<Option> offered = options.stream().map((option) -> new Option(option, option)).toList();
		return ask(conversation, Boolean.TRUE.equals(several) ? Choices.of(question).options(offered)
				: Choice.of(question).options(offered), details, timeoutSeconds);
	}

	@McpTool(name = "ask_form", description = "Asks a person to fill in a form. Never ask for passwords.",
			annotations = @McpAnnotations(destructiveHint = false))
	Answer askForm(@McpToolParam(description = MessageTools.CONVERSATION) String conversation,
			@McpToolParam(description = "What the form is about, in a few words") String title,
			@McpToolParam(description = "The fields, at least one") List<Field> fields,
			@McpToolParam(required = false, description = DETAILS) @Nullable String details,
			@McpToolParam(required = false, description = WAIT) @Nullable Integer timeoutSeconds) {
		return ask(conversation, Form.of(title).fields(fields.stream().map(Field::toFormField).toList()), details,
				timeoutSeconds);
	}

	@McpTool(name = "ask_date", description = "Asks a person for a date, a time of day, or both",
			annotations = @McpAnnotations(destructiveHint = false))
	Answer askDate(@McpToolParam(description = MessageTools.CONVERSATION) String conversation,
			@McpToolParam(description = QUESTION) String question,
			@McpToolParam(description = "What to ask for") DateKind kind,
			@McpToolParam(required = false, description = DETAILS) @Nullable String details,
			@McpToolParam(required = false, description = WAIT) @Nullable Integer timeoutSeconds) {
		return ask(conversation, switch (kind) {
			case DATE -> DateTime.date(question);
			case TIME -> DateTime.time(question);
			case DATETIME -> DateTime.dateTime(question);
		}, details, timeoutSeconds);
	}

	@McpTool(name = "ask_permission",
			description = "Asks a person to permit something, once or for the session. The answer says for how long.",
			annotations = @McpAnnotations(destructiveHint = false))
	Answer askPermission(@McpToolParam(description = MessageTools.CONVERSATION) String conversation,
			@McpToolParam(description = "What is to be permitted, as a question") String question,
			@McpToolParam(required = false,
					description = "Whether it can be permitted for the session, too") @Nullable Boolean session,
			@McpToolParam(required = false, description = DETAILS) @Nullable String details,
			@McpToolParam(required = false, description = WAIT) @Nullable Integer timeoutSeconds) {
		Permission permission = Permission.of(question);
		return ask(conversation,
				Boolean.TRUE.equals(session) ? permission.scopes(PermissionScope.ONCE, PermissionScope.SESSION)
						: permission.scopes(PermissionScope.ONCE),
				details, timeoutSeconds);
	}

	@McpTool(name = "ask_file",
			description = "Asks a person for files. They are saved when the user of this machine has allowed it.",
			annotations = @McpAnnotations(destructiveHint = false))
	Answer askFile(@McpToolParam(description = MessageTools.CONVERSATION) String conversation,
			@McpToolParam(description = QUESTION) String question,
			@McpToolParam(required = false,
					description = "Types such as image/* or .pdf") @Nullable List<String> accept,
			@McpToolParam(required = false, description = "Whether there may be several") @Nullable Boolean several,
			@McpToolParam(required = false, description = DETAILS) @Nullable String details,
			@McpToolParam(required = false, description = WAIT) @Nullable Integer timeoutSeconds) {
		FilePicker picker = FilePicker.of(question).multiple(Boolean.TRUE.equals(several));
		return ask(conversation, (accept != null) ? picker.accept(accept.toArray(String[]::new)) : picker, details,
				timeoutSeconds);
	}

	private Answer ask(String conversation, Widget<?> question, @Nullable String details,
			@Nullable Integer timeoutSeconds) {
		Conversation target = this.conversations.get(conversation);
		String id = UUID.randomUUID().toString();
		Widget<?> asked = ((details != null) ? question.body(details) : question).id(id);
		try {
			Object value = target.ask(asked, MessageTools.timeout(timeoutSeconds)).block();
			return new Answer(id, true, json(value), null);
		}
		catch (AnswerCancelledException ex) {
			return new Answer(id, false, null, "The person cancelled the question");
		}
		catch (NoAnswerException ex) {
			return new Answer(id, false, null,
					"The person has not answered yet: a later answer comes with wait_for_messages, as lateAnswer");
		}
	}

	/** What JSON can say. */
	private @Nullable Object json(@Nullable Object value) {
		if (value instanceof PermissionDecision decision) {
			PermissionScope scope = decision.scope();
			return new Permitted(decision.granted(), (scope != null) ? scope.name().toLowerCase(Locale.ROOT) : null);
		}
		if (value instanceof List<?> values) {
			List<@Nullable Object> converted = new ArrayList<>();
			values.forEach((each) -> converted.add(json(each)));
			return converted;
		}
		return (value instanceof AgentAttachment file) ? ReceivedMessage.File.of(file, this.files.save(file)) : value;
	}

	/**
	 * What a date has.
	 */
	enum DateKind {

		/** A day. */
		DATE,

		/** A time of day. */
		TIME,

		/** Both. */
		DATETIME

	}

	/**
	 * The answer to the question for a permission.
	 *
	 * @param granted whether it is permitted
	 * @param scope {@code once}, {@code session}, or {@code null}
	 */
	record Permitted(boolean granted, @Nullable String scope) {
	}

	/**
	 * A field of a form.
	 *
	 * @param name the name of its value
	 * @param label what the person reads
	 * @param type what it takes
	 * @param required whether there has to be a value, or {@code null} if not
	 */
	record Field(String name, String label, FormField.Type type, @Nullable Boolean required) {

		FormField toFormField() {
			return new FormField(this.name, this.label, this.type, this.required, null, null);
		}

	}

}
