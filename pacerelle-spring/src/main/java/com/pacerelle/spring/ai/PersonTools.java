package com.pacerelle.spring.ai;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import com.pacerelle.client.AnswerCancelledException;
import com.pacerelle.client.NoAnswerException;
import com.pacerelle.client.message.Choice;
import com.pacerelle.client.message.Choices;
import com.pacerelle.client.message.Confirm;
import com.pacerelle.client.message.Form;
import com.pacerelle.client.message.FormField;
import com.pacerelle.client.message.Option;
import com.pacerelle.client.message.Widget;
import com.pacerelle.spring.handler.HandlerInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.ai.tool.annotation.ToolParam;

import org.springframework.util.Assert;

/**
 * The person as a tool: a model may ask the sender of the message that is handled, with
 * widgets, and gets the answer. Create one for each call of a handler, and give it to the
 * model with {@code tools(...)}.
 * <p>
 * A tool waits on the thread that calls it. When the handler runs again, such as after a
 * crash, a question that the model asks again, in the same words, has its answer already;
 * an answer never counts for a question in other words.
 */
public final class PersonTools {

	private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);

	private final HandlerInvocation invocation;

	private final Duration timeout;

	private final Map<String, Integer> asked = new ConcurrentHashMap<>();

	private PersonTools(HandlerInvocation invocation, Duration timeout) {
		this.invocation = invocation;
		this.timeout = timeout;
	}

	/**
	 * Tools that ask the sender of a message and wait five minutes for each answer.
	 * @param invocation the call of the handler
	 * @return the tools
	 */
	public static PersonTools of(HandlerInvocation invocation) {
		return of(invocation, DEFAULT_TIMEOUT);
	}

	/**
	 * Tools that ask the sender of a message.
	 * @param invocation the call of the handler
	 * @param timeout how long a question can be answered; later messages of the
	 * conversation wait as long
	 * @return the tools
	 */
	public static PersonTools of(HandlerInvocation invocation, Duration timeout) {
		Objects.requireNonNull(invocation, "'invocation' must not be null");
		Assert.isTrue(timeout.toMillis() > 0, "'timeout' must be positive");
		return new PersonTools(invocation, timeout);
	}

	/**
	 * Asks for yes or no.
	 * @param question the question
	 * @param details more about it, or {@code null}
	 * @return the answer, a boolean
	 */
	@Tool(name = "ask_person_to_confirm", description = "Asks the person you are talking with a question that is "
			+ "answered with yes or no, and waits for the answer. Use it before anything that cannot be undone.")
	public Answer confirm(@ToolParam(description = "The question, in one short sentence") String question,
			@ToolParam(required = false,
					description = "What the person has to know to decide") @Nullable String details) {
		return ask(body(Confirm.of(question), details));
	}

	/**
	 * Asks to choose.
	 * @param question the question
	 * @param options what there is to choose from
	 * @param several whether more than one can be chosen
	 * @return the answer, an option or a list of options
	 */
	@Tool(name = "ask_person_to_choose",
			description = "Asks the person you are talking with to choose from a list, and waits for the answer")
	public Answer choose(@ToolParam(description = "The question, in one short sentence") String question,
			@ToolParam(description = "What there is to choose from, at least two") List<String> options,
			@ToolParam(required = false,
					description = "Whether more than one can be chosen") @Nullable Boolean several) {
		List<Option> offered = new ArrayList<>();
		options.forEach((option) -> offered.add(new Option(String.valueOf(offered.size() + 1), option)));
		Answer answer = ask(Boolean.TRUE.equals(several) ? Choices.of(question).options(offered)
				: Choice.of(question).options(offered));
		if (answer.value() instanceof List<?> chosen) {
			return Answer.of(chosen.stream().map((id) -> label(offered, id)).toList());
		}
		return (answer.value() != null) ? Answer.of(label(offered, answer.value())) : answer;
	}

	private static String label(List<Option> offered, @Nullable Object id) {
		return offered.stream().filter((option) -> option.id().equals(id)).findFirst().orElseThrow().label();
	}

	/**
	 * Asks to fill in a form.
	 * @param title what it is about
	 * @param fields the fields
	 * @return the answer, values by the names of the fields
	 */
	@Tool(name = "ask_person_to_fill_in",
			description = "Asks the person you are talking with to fill in a form, and waits for the answer. "
					+ "Never ask for passwords.")
	public Answer fillIn(@ToolParam(description = "What the form is about, in a few words") String title,
			@ToolParam(description = "The fields, at least one") List<Field> fields) {
		return ask(Form.of(title).fields(fields.stream().map(Field::toFormField).toList()));
	}

	private static Confirm body(Confirm confirm, @Nullable String body) {
		return (body != null) ? confirm.body(body) : confirm;
	}

	private Answer ask(Widget<?> widget) {
		try {
			return Answer.of(this.invocation.conversation()
				.askAndWait(widget.id(id(widget)).expiresAt(Instant.now().plus(this.timeout))));
		}
		catch (AnswerCancelledException ex) {
			return Answer.none("The person cancelled the question");
		}
		catch (NoAnswerException ex) {
			return Answer.none("The person did not answer in time");
		}
	}

	/**
	 * A model may ask in other words when the handler runs again: the id is bound to what
	 * the person reads.
	 */
	private String id(Widget<?> widget) {
		String question = widget.kind() + widget.spec();
		int times = this.asked.merge(question, 1, Integer::sum);
		return "ask-" + Sha256.half(this.invocation.message().id() + "\n" + times + "\n" + question);
	}

	/**
	 * A field of a form.
	 *
	 * @param name the name of its value
	 * @param label what the person reads
	 * @param type what it takes
	 * @param required whether there has to be a value, or {@code null} if not
	 */
	public record Field(@ToolParam(description = "The name of the value") String name,
			@ToolParam(description = "What the person reads") String label,
			@ToolParam(description = "What it takes") FormField.Type type,
			@ToolParam(required = false, description = "Whether there has to be a value") @Nullable Boolean required) {

		FormField toFormField() {
			return new FormField(this.name, this.label, this.type, this.required, null, null);
		}

	}

	/**
	 * What a model is told. Its {@code toString()} has no content.
	 *
	 * @param answered whether there is an answer
	 * @param value the answer, or {@code null}
	 * @param reason why there is none, or {@code null}
	 */
	public record Answer(boolean answered, @Nullable Object value, @Nullable String reason) {

		static Answer of(Object value) {
			return new Answer(true, value, null);
		}

		static Answer none(String reason) {
			return new Answer(false, null, reason);
		}

		@Override
		public String toString() {
			return "Answer[answered=" + this.answered + "]";
		}

	}

}
