package com.pacerelle.test;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import com.pacerelle.dev.PersonFile;
import org.jspecify.annotations.Nullable;

/**
 * A message of the agent, as a person sees it. Other than the types of production, its
 * {@code toString()} shows what the message says.
 *
 * @param text the text, empty for a widget
 * @param files the files that came with it
 * @param widget the widget, or {@code null} if it is none
 */
public record Received(String text, List<PersonFile> files, @Nullable Widget widget) {

	/**
	 * Creates a message.
	 */
	public Received {
		files = List.copyOf(files);
	}

	@Override
	public String toString() {
		if (this.widget != null) {
			return this.widget.toString();
		}
		String names = this.files.stream()
			.map((file) -> "file " + file.name() + " (" + file.mime() + ", " + file.content().length + " bytes)")
			.collect(Collectors.joining(", "));
		if (names.isEmpty()) {
			return "text \"" + this.text + "\"";
		}
		return this.text.isEmpty() ? names : "text \"" + this.text + "\" with " + names;
	}

	/**
	 * A widget with its updates so far.
	 *
	 * @param id its id
	 * @param kind the name of its kind, such as {@code confirm}
	 * @param spec the fields of its kind, as they came over the wire
	 */
	public record Widget(String id, String kind, Map<String, Object> spec) {

		/**
		 * What the person reads first.
		 * @return the title, empty if there is none
		 */
		public String title() {
			return (this.spec.get("title") instanceof String title) ? title : "";
		}

		@Override
		public String toString() {
			String rest = this.spec.entrySet()
				.stream()
				.filter((field) -> !field.getKey().equals("title"))
				.map((field) -> field.getKey() + "=" + field.getValue())
				.collect(Collectors.joining(", ", " {", "}"));
			return this.kind + " '" + this.id + "' \"" + title() + "\"" + (rest.equals(" {}") ? "" : rest);
		}

	}

}
