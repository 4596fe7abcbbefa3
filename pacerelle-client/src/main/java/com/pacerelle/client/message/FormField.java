package com.pacerelle.client.message;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A field of a {@link Form}. Its {@code toString()} has no text.
 *
 * @param name the key of its value in the answer, 1 to 256 characters
 * @param label what the person reads, not blank
 * @param type what can be filled in
 * @param isRequired whether it must be filled in, a checkbox be ticked; {@code null} to
 * leave it out
 * @param min the least number, or {@code null}; of a number field only
 * @param max the greatest number, or {@code null}; of a number field only
 */
public record FormField(String name, String label, Type type, @Nullable Boolean isRequired, @Nullable Number min,
		@Nullable Number max) {

	private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,50}(\\.[0-9]{1,50})?");

	/** Only a message to an address can show that it exists. */
	private static final Pattern EMAIL = Pattern.compile("[^@\\s]+@[^@\\s]+");

	/**
	 * Creates a field.
	 * @throws IllegalArgumentException if one of these is wrong, naming it
	 */
	public FormField {
		WidgetHeader.checkId("fields.name", name);
		if (label.isBlank()) {
			throw new IllegalArgumentException("'fields." + name + ".label' must not be blank");
		}
		BigDecimal least = bound(name, "min", type, min);
		BigDecimal greatest = bound(name, "max", type, max);
		if (least != null && greatest != null && least.compareTo(greatest) > 0) {
			throw new IllegalArgumentException("'fields." + name + ".min' must not be greater than 'max'");
		}
	}

	private static @Nullable BigDecimal bound(String field, String bound, Type type, @Nullable Number value) {
		if (value == null) {
			return null;
		}
		String name = "fields." + field + "." + bound;
		if (type != Type.NUMBER) {
			throw new IllegalArgumentException("'" + name + "' must only be set on a number field");
		}
		return JsonValues.decimal(name, value);
	}

	/**
	 * Creates a field for a line of text.
	 * @param name the key of its value
	 * @param label what the person reads
	 * @return the field
	 */
	public static FormField text(String name, String label) {
		return new FormField(name, label, Type.TEXT, null, null, null);
	}

	/**
	 * Creates a field for lines of text.
	 * @param name the key of its value
	 * @param label what the person reads
	 * @return the field
	 */
	public static FormField textarea(String name, String label) {
		return new FormField(name, label, Type.TEXTAREA, null, null, null);
	}

	/**
	 * Creates a field for a number.
	 * @param name the key of its value
	 * @param label what the person reads
	 * @return the field
	 */
	public static FormField number(String name, String label) {
		return new FormField(name, label, Type.NUMBER, null, null, null);
	}

	/**
	 * Creates a field to be ticked.
	 * @param name the key of its value
	 * @param label what the person reads
	 * @return the field
	 */
	public static FormField checkbox(String name, String label) {
		return new FormField(name, label, Type.CHECKBOX, null, null, null);
	}

	/**
	 * Creates a field for an e-mail address.
	 * @param name the key of its value
	 * @param label what the person reads
	 * @return the field
	 */
	public static FormField email(String name, String label) {
		return new FormField(name, label, Type.EMAIL, null, null, null);
	}

	/**
	 * The same field, which must be filled in.
	 * @return the field
	 */
	public FormField required() {
		return required(true);
	}

	/**
	 * Sets whether the field must be filled in, a checkbox be ticked.
	 * @param required whether it must
	 * @return the field
	 */
	public FormField required(boolean required) {
		return new FormField(this.name, this.label, this.type, required, this.min, this.max);
	}

	/**
	 * The same field with a least number.
	 * @param min the least number
	 * @return the field
	 */
	public FormField min(Number min) {
		return new FormField(this.name, this.label, this.type, this.isRequired, min, this.max);
	}

	/**
	 * The same field with a greatest number.
	 * @param max the greatest number
	 * @return the field
	 */
	public FormField max(Number max) {
		return new FormField(this.name, this.label, this.type, this.isRequired, this.min, max);
	}

	Map<String, @Nullable Object> spec() {
		Map<String, @Nullable Object> spec = new LinkedHashMap<>();
		spec.put("name", this.name);
		spec.put("label", this.label);
		spec.put("type", this.type.name().toLowerCase(Locale.ROOT));
		if (this.isRequired != null) {
			spec.put("required", this.isRequired);
		}
		if (this.min != null) {
			spec.put("min", this.min);
		}
		if (this.max != null) {
			spec.put("max", this.max);
		}
		return spec;
	}

	/**
	 * Reads the value of this field.
	 * @param value what was filled in, or {@code null}
	 * @param problems gets what is wrong, as text for the person
	 * @return the value, or {@code null} if nothing was filled in or it is wrong
	 */
	@Nullable Object read(@Nullable Object value, Consumer<String> problems) {
		if (this.type == Type.CHECKBOX) {
			return readTick((value != null) ? value : false, problems);
		}
		if (value == null || (value instanceof String text && text.isBlank())) {
			if (isMandatory()) {
				problems.accept("'" + this.label + "' must be filled in");
			}
			return null;
		}
		if (this.type == Type.NUMBER) {
			return readNumber(value, problems);
		}
		if (!(value instanceof String text)) {
			problems.accept("'" + this.label + "' must be a text");
			return null;
		}
		if (this.type == Type.EMAIL && !EMAIL.matcher(text).matches()) {
			problems.accept("'" + this.label + "' must be an e-mail address");
			return null;
		}
		return text;
	}

	private @Nullable Boolean readTick(Object value, Consumer<String> problems) {
		if (!(value instanceof Boolean ticked)) {
			problems.accept("'" + this.label + "' must be ticked or not");
			return null;
		}
		if (!ticked && isMandatory()) {
			problems.accept("'" + this.label + "' must be ticked");
			return null;
		}
		return ticked;
	}

	private @Nullable Number readNumber(Object value, Consumer<String> problems) {
		Number number = (value instanceof Number given) ? given : parse(value);
		if (number == null) {
			problems.accept("'" + this.label + "' must be a number");
			return null;
		}
		BigDecimal decimal = JsonValues.decimal(this.name, number);
		if (this.min != null && decimal.compareTo(JsonValues.decimal("min", this.min)) < 0) {
			problems.accept("'" + this.label + "' must be at least " + this.min);
			return null;
		}
		if (this.max != null && decimal.compareTo(JsonValues.decimal("max", this.max)) > 0) {
			problems.accept("'" + this.label + "' must be at most " + this.max);
			return null;
		}
		return number;
	}

	/** Apps may send the number as it was typed. */
	private static @Nullable Number parse(Object value) {
		return (value instanceof String text && NUMBER.matcher(text).matches()) ? new BigDecimal(text) : null;
	}

	private boolean isMandatory() {
		return Boolean.TRUE.equals(this.isRequired);
	}

	@Override
	public String toString() {
		return "FormField[name=" + this.name + ", type=" + this.type + "]";
	}

	/**
	 * What can be filled in.
	 */
	public enum Type {

		/** A line of text: a {@link String}. */
		TEXT,

		/** A number: a {@link Number} without loss of precision. */
		NUMBER,

		/** Lines of text: a {@link String}. */
		TEXTAREA,

		/** A tick: a {@link Boolean}. */
		CHECKBOX,

		/** An e-mail address: a {@link String}. */
		EMAIL

	}

}
