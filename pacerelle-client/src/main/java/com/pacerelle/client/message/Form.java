package com.pacerelle.client.message;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Fields to be filled in. The answer has the value of each field that was filled in by
 * its name: a {@link String}, for a number field a {@link Number} without loss of
 * precision, for a checkbox always a {@link Boolean}. Its {@code toString()} has no text.
 *
 * @param header what every widget has
 * @param fields the fields, each name once; at least one when it is sent
 * @param submitLabel the label of the button, not blank, or {@code null}
 */
public record Form(WidgetHeader header, List<FormField> fields,
		@Nullable String submitLabel) implements Widget<Map<String, Object>> {

	/**
	 * Creates a form.
	 * @throws IllegalArgumentException if two fields have the same name, or the label is
	 * blank
	 */
	public Form {
		Set<String> names = new HashSet<>();
		for (FormField field : fields) {
			if (!names.add(field.name())) {
				throw new IllegalArgumentException("'fields' must not have the name '" + field.name() + "' twice");
			}
		}
		if (submitLabel != null && submitLabel.isBlank()) {
			throw new IllegalArgumentException("'submitLabel' must not be blank");
		}
		fields = List.copyOf(fields);
	}

	/**
	 * Creates a form without fields yet.
	 * @param title what the form is about
	 * @return the widget
	 */
	public static Form of(String title) {
		return new Form(WidgetHeader.of(title), List.of(), null);
	}

	/**
	 * Adds a field.
	 * @param field the field
	 * @return the widget
	 */
	public Form field(FormField field) {
		List<FormField> more = new ArrayList<>(this.fields);
		more.add(field);
		return fields(more);
	}

	/**
	 * Replaces the fields.
	 * @param fields the fields, each name once
	 * @return the widget
	 */
	public Form fields(List<FormField> fields) {
		return new Form(this.header, fields, this.submitLabel);
	}

	/**
	 * Sets the label of the button.
	 * @param submitLabel its label, not blank
	 * @return the widget
	 */
	public Form submitLabel(String submitLabel) {
		return new Form(this.header, this.fields, submitLabel);
	}

	@Override
	public Form id(String id) {
		return header(this.header.id(id));
	}

	@Override
	public Form body(String body) {
		return header(this.header.body(body));
	}

	@Override
	public Form expiresAt(Instant expiresAt) {
		return header(this.header.expiresAt(expiresAt));
	}

	@Override
	public Form data(Object data) {
		return header(this.header.data(data));
	}

	@Override
	public Form with(String name, @Nullable Object value) {
		return header(this.header.with(name, value));
	}

	private Form header(WidgetHeader header) {
		return new Form(header, this.fields, this.submitLabel);
	}

	@Override
	public String kind() {
		return "form";
	}

	@Override
	public Map<String, @Nullable Object> spec() {
		if (this.fields.isEmpty()) {
			throw new IllegalArgumentException("'fields' must have at least one field");
		}
		return Spec.of(this.header)
			.put("fields", this.fields.stream().map(FormField::spec).toList())
			.put("submitLabel", this.submitLabel)
			.build();
	}

	/**
	 * Reads the values of the fields; unknown fields are left out. All errors are
	 * reported together.
	 */
	@Override
	public Map<String, Object> read(AgentMessage answer) {
		Answer read = Answer.of(answer);
		Map<?, ?> given = read.value(Map.class, "Fill in the form");
		Map<String, Object> values = new LinkedHashMap<>();
		List<String> problems = new ArrayList<>();
		for (FormField field : this.fields) {
			Object value = field.read(given.get(field.name()), problems::add);
			if (value != null) {
				values.put(field.name(), value);
			}
		}
		if (!problems.isEmpty()) {
			throw read.invalid(problems);
		}
		return Collections.unmodifiableMap(values);
	}

	@Override
	public String toString() {
		return "Form[id=" + id() + "]";
	}

}
