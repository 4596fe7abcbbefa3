package com.pacerelle.signal.ratchet;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * The seeds of messages that a receiving chain has skipped, the newest first and at most
 * 2000 (signal.md sections 7.2, 11). They are packed in one array, because all of them
 * are read and written with every message of the session.
 */
final class SkippedKeys {

	static final int MAXIMUM = 2000;

	static final SkippedKeys NONE = new SkippedKeys(ByteBuffer.allocate(0));

	private static final int SEED_LENGTH = 32;

	private static final int ENTRY_LENGTH = Integer.BYTES + SEED_LENGTH;

	private final ByteBuffer entries;

	private SkippedKeys(ByteBuffer entries) {
		this.entries = entries;
	}

	int size() {
		return this.entries.capacity() / ENTRY_LENGTH;
	}

	int counter(int position) {
		return this.entries.getInt(position * ENTRY_LENGTH);
	}

	byte[] seed(int position) {
		byte[] seed = new byte[SEED_LENGTH];
		this.entries.get(position * ENTRY_LENGTH + Integer.BYTES, seed);
		return seed;
	}

	/**
	 * Finds a message.
	 * @param counter the message's counter
	 * @return its position, or -1 if its seed is not here
	 */
	int indexOf(int counter) {
		for (int position = 0; position < size(); position++) {
			if (counter(position) == counter) {
				return position;
			}
		}
		return -1;
	}

	SkippedKeys without(int position) {
		int start = position * ENTRY_LENGTH;
		int rest = start + ENTRY_LENGTH;
		ByteBuffer remaining = ByteBuffer.allocate(this.entries.capacity() - ENTRY_LENGTH);
		remaining.put(0, this.entries, 0, start);
		remaining.put(start, this.entries, rest, this.entries.capacity() - rest);
		return new SkippedKeys(remaining);
	}

	/**
	 * Discards the oldest messages.
	 * @param maximum how many are kept at most
	 * @return the newest ones
	 */
	SkippedKeys newest(int maximum) {
		return (size() <= maximum) ? this
				: new SkippedKeys(ByteBuffer.wrap(Arrays.copyOf(this.entries.array(), maximum * ENTRY_LENGTH)));
	}

	/**
	 * Adds skipped messages, and discards the oldest beyond the maximum.
	 * @param added the chain at each of them, the oldest first, at most the maximum
	 * @return the seeds including theirs
	 */
	SkippedKeys plus(List<ChainKey> added) {
		int kept = Math.min(size(), MAXIMUM - added.size());
		ByteBuffer all = ByteBuffer.allocate((added.size() + kept) * ENTRY_LENGTH);
		for (int i = added.size() - 1; i >= 0; i--) {
			byte[] seed = added.get(i).seed();
			all.putInt(added.get(i).index()).put(seed);
			Arrays.fill(seed, (byte) 0);
		}
		all.put(all.position(), this.entries, 0, kept * ENTRY_LENGTH);
		return new SkippedKeys(all);
	}

	/**
	 * Collects stored seeds.
	 */
	static final class Builder {

		private ByteBuffer entries = ByteBuffer.allocate(0);

		void add(int counter, byte[] seed) {
			if (seed.length != SEED_LENGTH) {
				throw new IllegalStateException("A stored seed has not 32 bytes");
			}
			if (this.entries.remaining() < ENTRY_LENGTH) {
				int capacity = Math.max(4 * ENTRY_LENGTH, 2 * this.entries.capacity());
				ByteBuffer outgrown = this.entries;
				this.entries = ByteBuffer.allocate(capacity).put(outgrown.flip());
				Arrays.fill(outgrown.array(), (byte) 0);
			}
			this.entries.putInt(counter).put(seed);
		}

		SkippedKeys build() {
			if (this.entries.position() == 0) {
				return NONE;
			}
			byte[] collected = Arrays.copyOf(this.entries.array(), this.entries.position());
			Arrays.fill(this.entries.array(), (byte) 0);
			return new SkippedKeys(ByteBuffer.wrap(collected));
		}

	}

}
