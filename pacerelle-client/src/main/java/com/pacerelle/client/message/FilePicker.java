package com.pacerelle.client.message;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.util.MimeType;

/**
 * A question that is answered with files. The answer has the attachments of the message
 * that its value names. Its {@code toString()} has no text.
 *
 * @param header what every widget has
 * @param isMultiple whether there may be several, or {@code null} to leave it out, which
 * means one
 * @param accept what may be chosen: types such as {@code application/pdf}, wildcards such
 * as {@code image/*}, extensions such as {@code .pdf}; empty for anything
 * @param maxFiles how many at most, at least 1, or {@code null}
 */
public record FilePicker(WidgetHeader header, @Nullable Boolean isMultiple, List<String> accept,
		@Nullable Integer maxFiles) implements Widget<List<AgentAttachment>> {

	/**
	 * Creates a question.
	 * @throws IllegalArgumentException if something that is accepted is neither a type
	 * nor an extension, or {@code maxFiles} is less than 1
	 */
	public FilePicker {
		accept.forEach(FilePicker::checkAccepted);
		if (maxFiles != null && maxFiles < 1) {
			throw new IllegalArgumentException("'maxFiles' must be at least 1, not " + maxFiles);
		}
		accept = List.copyOf(accept);
	}

	private static void checkAccepted(String accepted) {
		if (accepted.startsWith(".") && accepted.length() > 1) {
			return;
		}
		if (mimeType(accepted) == null) {
			throw new IllegalArgumentException("'accept' must have types such as 'application/pdf', wildcards such as"
					+ " 'image/*', or extensions such as '.pdf', not '" + accepted + "'");
		}
	}

	/**
	 * Creates a question.
	 * @param title the question
	 * @return the widget
	 */
	public static FilePicker of(String title) {
		return new FilePicker(WidgetHeader.of(title), null, List.of(), null);
	}

	/**
	 * Allows several files.
	 * @return the widget
	 */
	public FilePicker multiple() {
		return multiple(true);
	}

	/**
	 * Sets whether there may be several files.
	 * @param multiple whether there may
	 * @return the widget
	 */
	public FilePicker multiple(boolean multiple) {
		return new FilePicker(this.header, multiple, this.accept, this.maxFiles);
	}

	/**
	 * Replaces what may be chosen.
	 * @param accept types, wildcards such as {@code image/*}, extensions such as
	 * {@code .pdf}
	 * @return the widget
	 */
	public FilePicker accept(String... accept) {
		return new FilePicker(this.header, this.isMultiple, List.of(accept), this.maxFiles);
	}

	/**
	 * Sets how many there may be.
	 * @param maxFiles how many at most, at least 1
	 * @return the widget
	 */
	public FilePicker maxFiles(int maxFiles) {
		return new FilePicker(this.header, this.isMultiple, this.accept, maxFiles);
	}

	@Override
	public FilePicker id(String id) {
		return header(this.header.id(id));
	}

	@Override
	public FilePicker body(String body) {
		return header(this.header.body(body));
	}

	@Override
	public FilePicker expiresAt(Instant expiresAt) {
		return header(this.header.expiresAt(expiresAt));
	}

	@Override
	public FilePicker data(Object data) {
		return header(this.header.data(data));
	}

	@Override
	public FilePicker with(String name, @Nullable Object value) {
		return header(this.header.with(name, value));
	}

	private FilePicker header(WidgetHeader header) {
		return new FilePicker(header, this.isMultiple, this.accept, this.maxFiles);
	}

	@Override
	public String kind() {
		return "file-picker";
	}

	@Override
	public Map<String, @Nullable Object> spec() {
		return Spec.of(this.header)
			.put("multiple", this.isMultiple)
			.put("accept", this.accept.isEmpty() ? null : this.accept)
			.put("maxFiles", this.maxFiles)
			.build();
	}

	/**
	 * Reads the files. Type and name are what the sender says: check the content before
	 * it is used.
	 */
	@Override
	public List<AgentAttachment> read(AgentMessage answer) {
		Answer read = Answer.of(answer);
		Map<?, ?> value = read.value(Map.class, "Choose a file");
		List<AgentAttachment> files = new ArrayList<>();
		for (Object element : read.cast(value.get("files"), List.class, "Choose a file")) {
			Object id = read.cast(element, Map.class, "Choose a file").get("id");
			AgentAttachment file = answer.attachments()
				.stream()
				.filter((attachment) -> attachment.id().equals(id))
				.findFirst()
				.orElseThrow(() -> read.invalid("A file did not arrive, send it again"));
			if (files.contains(file)) {
				throw read.invalid("Choose each file once");
			}
			files.add(file);
		}
		check(read, files);
		return List.copyOf(files);
	}

	private void check(Answer read, List<AgentAttachment> files) {
		if (files.isEmpty()) {
			throw read.invalid("Choose a file");
		}
		if (files.size() > 1 && !Boolean.TRUE.equals(this.isMultiple)) {
			throw read.invalid("Choose one file only");
		}
		if (this.maxFiles != null && files.size() > this.maxFiles) {
			throw read.invalid("Choose at most " + this.maxFiles + " files");
		}
		if (!this.accept.isEmpty() && !files.stream().allMatch(this::accepts)) {
			throw read.invalid("Choose files of these types only: " + String.join(", ", this.accept));
		}
	}

	private boolean accepts(AgentAttachment file) {
		String name = file.name().toLowerCase(Locale.ROOT);
		MimeType type = mimeType(file.mime());
		return this.accept.stream().anyMatch((accepted) -> {
			if (accepted.startsWith(".")) {
				return name.endsWith(accepted.toLowerCase(Locale.ROOT));
			}
			MimeType range = mimeType(accepted);
			return type != null && type.isConcrete() && range != null && range.includes(type);
		});
	}

	private static @Nullable MimeType mimeType(String type) {
		try {
			return MimeType.valueOf(type);
		}
		catch (InvalidMimeTypeException ex) {
			return null;
		}
	}

	@Override
	public String toString() {
		return "FilePicker[id=" + id() + "]";
	}

}
