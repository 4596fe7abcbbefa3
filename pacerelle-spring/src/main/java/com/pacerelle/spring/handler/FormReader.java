package com.pacerelle.spring.handler;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Form;
import com.pacerelle.client.message.FormField;
import com.pacerelle.client.message.InvalidAnswerException;

import org.springframework.core.ResolvableType;

/**
 * Reads a record from the answer to its form, or to one with some of its fields.
 *
 * @param <T> the type of the record
 * @param type the type of the record
 * @param labels what people call its properties, by their names
 * @param answers converts the values
 * @param all all fields of the record
 * @param asked the fields of the form
 * @param kept the values of the other fields, which an earlier answer had
 */
record FormReader<T>(Class<T> type, Map<String, String> labels, AnswerConverter answers, List<FormField> all,
		List<FormField> asked, Map<String, Object> kept) implements Function<AgentMessage, T> {

	@Override
	public T apply(AgentMessage answer) {
		Reading reading = read(answer);
		String ref = AnswerConverter.ref(answer);
		if (!reading.problems.isEmpty()) {
			throw new InvalidAnswerException(ref,
					this.all.stream()
						.flatMap((field) -> reading.problems.getOrDefault(field.name(), List.of()).stream())
						.toList());
		}
		return this.type
			.cast(this.answers.convert(ref, reading.values, ResolvableType.forClass(this.type), this.labels));
	}

	/**
	 * Each field is read as a form of its own: so it is known which are wrong.
	 */
	private Reading read(AgentMessage answer) {
		Map<String, Object> values = new LinkedHashMap<>(this.kept);
		Map<String, List<String>> problems = new LinkedHashMap<>();
		if (!AnswerConverter.hasFields(answer)) {
			Form.of("?").fields(this.asked).read(answer);
		}
		for (FormField field : this.asked) {
			try {
				values.putAll(Form.of("?").field(field).read(answer));
			}
			catch (InvalidAnswerException ex) {
				problems.put(field.name(), ex.messages());
			}
		}
		this.answers.check(this.type, values, this.labels, problems);
		return new Reading(values, problems);
	}

	/**
	 * Asks for what was wrong, or for everything if that is no single field.
	 * @param form the form that was answered
	 * @param answer an invalid answer
	 * @return the next question
	 */
	TypedQuestion<Form, T> askAgain(Form form, AgentMessage answer) {
		if (!AnswerConverter.hasFields(answer)) {
			return new TypedQuestion<>(form, this);
		}
		Reading reading = read(answer);
		List<FormField> wrong = this.all.stream()
			.filter((field) -> reading.problems.isEmpty() || reading.problems.containsKey(field.name()))
			.toList();
		Map<String, Object> right = new LinkedHashMap<>(reading.values);
		wrong.forEach((field) -> right.remove(field.name()));
		return new TypedQuestion<>(form.fields(wrong),
				new FormReader<>(this.type, this.labels, this.answers, this.all, wrong, right));
	}

	/** It has what a person wrote. */
	@Override
	public String toString() {
		return "FormReader[type=" + this.type.getName() + "]";
	}

	/**
	 * What an answer has.
	 *
	 * @param values the values by the names of their fields
	 * @param problems what is wrong, by the names of the fields
	 */
	private record Reading(Map<String, Object> values, Map<String, List<String>> problems) {
	}

}
