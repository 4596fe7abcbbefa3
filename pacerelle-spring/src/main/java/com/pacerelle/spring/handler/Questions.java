package com.pacerelle.spring.handler;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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
import com.pacerelle.client.message.Question;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * Makes types of the application into questions whose answers are of these types: a
 * record into a form, an enum into a choice, a date into a calendar. Send them, return
 * them from a handler, or ask and await their answer.
 * <p>
 * What people read comes from {@code @JsonPropertyDescription} on a record's component or
 * an enum's constant; without it, from the name: {@code releaseNotes} becomes
 * {@code Release notes}. What goes over the wire is named as the application's
 * {@code JsonMapper} names it.
 */
public final class Questions {

	private final AnswerConverter answers;

	private final FormFields fields;

	private final Labels labels;

	/**
	 * Creates questions.
	 * @param beanFactory where to find the {@code JsonMapper}, the {@code Validator} and
	 * the {@code MessageSource} of the application; each may be absent
	 */
	public Questions(BeanFactory beanFactory) {
		this.answers = HandlerMethodFactory.answers(beanFactory);
		this.labels = this.answers.labels();
		this.fields = new FormFields(this.labels, BeanValidation.of(beanFactory));
	}

	/**
	 * A question whose kind is that of its type: {@link #form(String, Class) form} for a
	 * record, {@link #choice(String, Class) choice} for an enum, confirm for
	 * {@link Boolean}, datetime for {@link LocalDate}, {@link LocalTime} and
	 * {@link LocalDateTime}, permission for {@link PermissionDecision}, file-picker for
	 * {@link AgentAttachment}, {@link org.springframework.core.io.Resource Resource} and
	 * {@link java.nio.file.Path Path}. Reading a {@code Path} downloads to a temporary
	 * file, blocks meanwhile, and leaves it to the caller to delete the file.
	 * @param <T> the type of the answer
	 * @param title what the person reads first
	 * @param type the type of the answer
	 * @return the question, without an id
	 * @throws IllegalArgumentException if there is no kind for the type
	 */
	@SuppressWarnings({ "unchecked", "rawtypes" })
	public <T> Question<T> of(String title, Class<T> type) {
		if (type.isRecord() && type != PermissionDecision.class && type != AgentAttachment.class) {
			return (Question<T>) form(title, type.asSubclass(Record.class));
		}
		if (type.isEnum()) {
			return choice(title, (Class) type);
		}
		return (Question<T>) ofOne(title, ClassUtils.resolvePrimitiveIfNecessary(type));
	}

	private static Question<?> ofOne(String title, Class<?> type) {
		if (type == Boolean.class) {
			return Confirm.of(title);
		}
		if (type == LocalDate.class) {
			return DateTime.date(title);
		}
		if (type == LocalTime.class) {
			return DateTime.time(title);
		}
		if (type == LocalDateTime.class) {
			return DateTime.dateTime(title);
		}
		if (type == PermissionDecision.class) {
			return Permission.of(title);
		}
		ResolvableType resolvable = ResolvableType.forClass(type);
		if (Attachments.supports(resolvable)) {
			FilePicker picker = FilePicker.of(title);
			return new TypedQuestion<>(picker, (answer) -> Objects
				.requireNonNull(Attachments.convert(picker.read(answer), resolvable), "No file"));
		}
		throw new IllegalArgumentException("There is no question for " + type.getName()
				+ ", but for records, enums, Boolean, LocalDate, LocalTime, LocalDateTime, PermissionDecision, "
				+ "AgentAttachment, Resource and Path");
	}

	/**
	 * A form with a field for each component of a record. A {@link String} is a line of
	 * text, an address with {@code @Email}, lines of text if {@code @Size} allows more
	 * than 255 characters; a number is a number; a {@code boolean} is a checkbox. As a
	 * form has no other fields, an enum, a {@link LocalDate}, {@link LocalTime} or
	 * {@link LocalDateTime}, and a {@link List} or {@link java.util.Set Set} of texts or
	 * of an enum are lines of text whose labels say what to write. {@code @NotNull},
	 * {@code @NotBlank} and {@code @NotEmpty} make a field required, as a primitive
	 * number does, and {@code @AssertTrue} a checkbox; {@code @Min}, {@code @Max},
	 * {@code @DecimalMin}, {@code @DecimalMax}, {@code @Positive} and
	 * {@code @PositiveOrZero} limit a number. All constraints are checked when an answer
	 * is read. When an invalid answer is asked for again, only the fields that were wrong
	 * are, and what was right is kept.
	 * @param <T> the type of the answer
	 * @param title what the person reads first
	 * @param type the type of the answer
	 * @return the question, without an id
	 * @throws IllegalArgumentException if there is no field for a component, or if the
	 * record has constraints and the application no {@code Validator}
	 */
	public <T extends Record> TypedQuestion<Form, T> form(String title, Class<T> type) {
		List<FormField> fields = this.fields.of(type);
		return new TypedQuestion<>(Form.of(title).fields(fields),
				new FormReader<>(type, this.labels.ofProperties(type), this.answers, fields, fields, Map.of()));
	}

	/**
	 * A choice of one constant of an enum.
	 * @param <E> the type of the answer
	 * @param title what the person reads first
	 * @param type the type of the answer
	 * @return the question, without an id
	 */
	public <E extends Enum<E>> TypedQuestion<Choice, E> choice(String title, Class<E> type) {
		Map<String, E> constants = constants(type);
		Choice choice = Choice.of(title).options(options(constants));
		return new TypedQuestion<>(choice, (answer) -> constant(constants, choice.read(answer)));
	}

	/**
	 * A choice of any number of constants of an enum.
	 * @param <E> the type of an answer
	 * @param title what the person reads first
	 * @param type the type of an answer
	 * @return the question, without an id
	 */
	public <E extends Enum<E>> TypedQuestion<Choices, List<E>> choices(String title, Class<E> type) {
		Map<String, E> constants = constants(type);
		Choices choices = Choices.of(title).options(options(constants));
		return new TypedQuestion<>(choices,
				(answer) -> choices.read(answer).stream().map((id) -> constant(constants, id)).toList());
	}

	private <E extends Enum<E>> Map<String, E> constants(Class<E> type) {
		Map<String, E> constants = new LinkedHashMap<>();
		for (E constant : type.getEnumConstants()) {
			constants.put(this.answers.json().convertValue(constant, String.class), constant);
		}
		return constants;
	}

	private List<Option> options(Map<String, ? extends Enum<?>> constants) {
		List<Option> options = new ArrayList<>();
		constants.forEach((id, constant) -> options.add(new Option(id, this.labels.of(constant))));
		return options;
	}

	/**
	 * The choice has refused what it does not offer.
	 */
	private static <E> E constant(Map<String, E> constants, String id) {
		E constant = constants.get(id);
		if (constant == null) {
			throw new IllegalStateException("An option without a constant");
		}
		return constant;
	}

}
