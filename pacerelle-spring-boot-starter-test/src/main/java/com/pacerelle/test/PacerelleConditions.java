package com.pacerelle.test;

import java.math.BigDecimal;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import org.assertj.core.api.Condition;
import org.jspecify.annotations.Nullable;

/**
 * AssertJ conditions of what a person receives, for {@link TestPerson#receives} and for
 * {@code assertThat(received).is(text("Deployed"))}.
 */
public final class PacerelleConditions {

	private PacerelleConditions() {
	}

	/**
	 * A message with this text, with or without files.
	 * @param text the text
	 * @return the condition
	 */
	public static Condition<Received> text(String text) {
		return condition("text \"" + text + "\"",
				(received) -> received.widget() == null && received.text().equals(text));
	}

	/**
	 * A message with a text that matches as a whole.
	 * @param pattern a regular expression
	 * @return the condition
	 */
	public static Condition<Received> textMatching(String pattern) {
		Pattern compiled = Pattern.compile(pattern, Pattern.DOTALL);
		return condition("text that matches \"" + pattern + "\"",
				(received) -> received.widget() == null && compiled.matcher(received.text()).matches());
	}

	/**
	 * A message with a file.
	 * @param name the name of the file
	 * @return the condition
	 */
	public static Condition<Received> file(String name) {
		return condition("file " + name,
				(received) -> received.files().stream().anyMatch((file) -> file.name().equals(name)));
	}

	/**
	 * A question that is answered with yes or no.
	 * @param id the widget's id, as the application has given it
	 * @return the condition
	 */
	public static WidgetCondition confirm(String id) {
		return widget("confirm", id);
	}

	/**
	 * A question that is answered with one or several of its options.
	 * @param id the widget's id, as the application has given it
	 * @return the condition
	 */
	public static WidgetCondition choice(String id) {
		return widget("choice", id);
	}

	/**
	 * A question whether the agent may do something.
	 * @param id the widget's id, as the application has given it
	 * @return the condition
	 */
	public static WidgetCondition permission(String id) {
		return widget("permission", id);
	}

	/**
	 * A form.
	 * @param id the widget's id, as the application has given it
	 * @return the condition
	 */
	public static WidgetCondition form(String id) {
		return widget("form", id);
	}

	/**
	 * A progress.
	 * @param id the widget's id, as the application has given it
	 * @return the condition
	 */
	public static WidgetCondition progress(String id) {
		return widget("progress", id);
	}

	/**
	 * A question that is answered with a date, a time, or both.
	 * @param id the widget's id, as the application has given it
	 * @return the condition
	 */
	public static WidgetCondition dateTime(String id) {
		return widget("datetime", id);
	}

	/**
	 * A question that is answered with files.
	 * @param id the widget's id, as the application has given it
	 * @return the condition
	 */
	public static WidgetCondition filePicker(String id) {
		return widget("file-picker", id);
	}

	/**
	 * A widget of a kind, whatever its id: the application may have left it to the
	 * client.
	 * @param kind the name of the kind on the wire, such as {@code confirm}
	 * @return the condition
	 */
	public static WidgetCondition widget(String kind) {
		return new WidgetCondition(kind, (widget) -> widget.kind().equals(kind));
	}

	/**
	 * A widget of a kind.
	 * @param kind the name of the kind on the wire, such as {@code confirm}
	 * @param id the widget's id, as the application has given it
	 * @return the condition
	 */
	public static WidgetCondition widget(String kind, String id) {
		// The digest of what the application stores with it follows (Widget.data).
		Pattern sent = Pattern.compile(Pattern.quote(id) + "(:[0-9a-f]{32})?");
		return new WidgetCondition(kind + " '" + id + "'",
				(widget) -> widget.kind().equals(kind) && sent.matcher(widget.id()).matches());
	}

	private static Condition<Received> condition(String description, Predicate<Received> predicate) {
		return new Condition<>(predicate, "%s", description);
	}

	/**
	 * A condition of a widget.
	 */
	public static final class WidgetCondition extends Condition<Received> {

		private final String text;

		private final Predicate<Received.Widget> predicate;

		WidgetCondition(String text, Predicate<Received.Widget> predicate) {
			super((received) -> received.widget() != null && predicate.test(received.widget()), "%s", text);
			this.text = text;
			this.predicate = predicate;
		}

		/**
		 * The same condition, and a title.
		 * @param title the title of the widget
		 * @return the condition
		 */
		public WidgetCondition title(String title) {
			return with("title", title);
		}

		/**
		 * The same condition, and a value of a field, after the updates that have come.
		 * @param field the name of the field on the wire, such as {@code value}
		 * @param value its value; of numbers, only the number counts
		 * @return the condition
		 */
		public WidgetCondition with(String field, @Nullable Object value) {
			return new WidgetCondition(this.text + " with " + field + "=" + value,
					this.predicate.and((widget) -> isEqual(widget.spec().get(field), value)));
		}

		private static boolean isEqual(@Nullable Object actual, @Nullable Object expected) {
			if (actual instanceof Number && expected instanceof Number) {
				return new BigDecimal(actual.toString()).compareTo(new BigDecimal(expected.toString())) == 0;
			}
			return Objects.equals(actual, expected);
		}

	}

}
