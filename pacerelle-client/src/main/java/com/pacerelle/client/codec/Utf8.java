package com.pacerelle.client.codec;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * Strict UTF-8.
 */
public final class Utf8 {

	private Utf8() {
	}

	/**
	 * Decodes a text.
	 * @param utf8 the bytes
	 * @return the text, or {@code null} if they are not valid
	 */
	public static @Nullable String decode(byte[] utf8) {
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
		}
		catch (CharacterCodingException ex) {
			return null;
		}
	}

}
