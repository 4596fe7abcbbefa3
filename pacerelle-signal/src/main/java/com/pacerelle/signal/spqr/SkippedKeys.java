package com.pacerelle.signal.spqr;

import java.nio.ByteBuffer;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * The keys of messages that may still come, packed the way they are stored: number (4
 * bytes) and key (32 bytes) in the order in which they were skipped. Immutable.
 */
final class SkippedKeys {

	static final SkippedKeys NONE = new SkippedKeys(new byte[0]);

	static final int ENTRY_SIZE = Integer.BYTES + ChainKeyStream.KEY_SIZE;

	private final byte[] entries;

	/**
	 * Takes over packed entries.
	 * @param entries the entries, not to be changed any more
	 */
	SkippedKeys(byte[] entries) {
		this.entries = entries;
	}

	int size() {
		return this.entries.length / ENTRY_SIZE;
	}

	byte @Nullable [] find(int number) {
		int offset = offset(number);
		return (offset >= 0) ? Arrays.copyOfRange(this.entries, offset + Integer.BYTES, offset + ENTRY_SIZE) : null;
	}

	/**
	 * Forgets a key that {@link #find} has found.
	 * @param number the number of the key
	 * @return the other keys
	 */
	SkippedKeys without(int number) {
		int offset = offset(number);
		byte[] rest = Arrays.copyOf(this.entries, this.entries.length - ENTRY_SIZE);
		System.arraycopy(this.entries, offset + ENTRY_SIZE, rest, offset, rest.length - offset);
		return new SkippedKeys(rest);
	}

	SkippedKeys plus(byte[] more) {
		if (more.length == 0) {
			return this;
		}
		byte[] all = Arrays.copyOf(this.entries, this.entries.length + more.length);
		System.arraycopy(more, 0, all, this.entries.length, more.length);
		return new SkippedKeys(all);
	}

	SkippedKeys from(long lowestNumber) {
		ByteBuffer kept = ByteBuffer.allocate(this.entries.length);
		for (int offset = 0; offset < this.entries.length; offset += ENTRY_SIZE) {
			if (Integer.toUnsignedLong(number(offset)) >= lowestNumber) {
				kept.put(this.entries, offset, ENTRY_SIZE);
			}
		}
		byte[] buffer = kept.array();
		try {
			return new SkippedKeys(Arrays.copyOf(buffer, kept.position()));
		}
		finally {
			Arrays.fill(buffer, (byte) 0);
		}
	}

	/**
	 * The packed entries.
	 * @return the entries, not to be changed
	 */
	byte[] entries() {
		return this.entries;
	}

	private int offset(int number) {
		for (int offset = 0; offset < this.entries.length; offset += ENTRY_SIZE) {
			if (number(offset) == number) {
				return offset;
			}
		}
		return -1;
	}

	private int number(int offset) {
		return ByteBuffer.wrap(this.entries).getInt(offset);
	}

}
