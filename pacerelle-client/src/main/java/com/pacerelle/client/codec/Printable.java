package com.pacerelle.client.codec;

import org.jspecify.annotations.Nullable;

/**
 * What others have written, as it can be shown in a log.
 */
public final class Printable {

	/** Longer than a UUID, a digest in hexadecimal, or an e-mail address. */
	private static final int MAX_LENGTH = 128;

	private Printable() {
	}

	/**
	 * The id without what cannot be seen: control characters, line separators and those
	 * that change the direction of a text are written as {@code \\u202e}, and after 128
	 * characters there is an ellipsis.
	 * @param id the id
	 * @return what can be shown
	 */
	public static String id(@Nullable String id) {
		StringBuilder printable = new StringBuilder();
		String.valueOf(id).codePoints().limit(MAX_LENGTH).forEach((character) -> {
			if (isVisible(character)) {
				printable.appendCodePoint(character);
			}
			else {
				printable.append("\\u%04x".formatted(character));
			}
		});
		return (id == null || id.codePointCount(0, id.length()) <= MAX_LENGTH) ? printable.toString()
				: printable.append('…').toString();
	}

	private static boolean isVisible(int character) {
		return switch (Character.getType(character)) {
			case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
					Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED ->
				false;
			default -> true;
		};
	}

}
