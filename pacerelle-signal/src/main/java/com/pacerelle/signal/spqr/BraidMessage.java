package com.pacerelle.signal.spqr;

import org.jspecify.annotations.Nullable;

/**
 * What one side of the braid tells the other in one message (spqr.md section 4).
 *
 * @param type the type on the wire
 * @param chunk the chunk, present exactly for the types that carry one
 */
record BraidMessage(Type type, @Nullable Chunk chunk) {

	static final BraidMessage NONE = new BraidMessage(Type.NONE, null);

	static final BraidMessage ACK = new BraidMessage(Type.ACK, null);

	BraidMessage {
		if (type.hasChunk() != (chunk != null)) {
			throw new IllegalArgumentException(type + (type.hasChunk() ? " needs a chunk" : " has no chunk"));
		}
	}

	Chunk requiredChunk() {
		Chunk present = this.chunk;
		if (present == null) {
			throw new IllegalStateException(this.type + " has no chunk");
		}
		return present;
	}

	/**
	 * The types; their ordinals are their numbers on the wire.
	 */
	enum Type {

		/** The ciphertext side has nothing to say. */
		NONE(false),

		/** The key side sends the KEM header and its MAC. */
		HDR(true),

		/** The key side sends the KEM key vector. */
		EK(true),

		/** Like {@link #EK}, and the first part of the ciphertext is complete. */
		EK_ACK(true),

		/** The first part of the ciphertext is complete. */
		ACK(false),

		/** The ciphertext side sends the first part of the ciphertext. */
		CT1(true),

		/** The ciphertext side sends the second part of the ciphertext and its MAC. */
		CT2(true);

		private static final Type[] BY_NUMBER = values();

		private final boolean hasChunk;

		Type(boolean hasChunk) {
			this.hasChunk = hasChunk;
		}

		boolean hasChunk() {
			return this.hasChunk;
		}

		static @Nullable Type of(int number) {
			return (number >= 0 && number < BY_NUMBER.length) ? BY_NUMBER[number] : null;
		}

	}

}
