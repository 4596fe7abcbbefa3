package com.pacerelle.signal.spqr;

import java.nio.ByteBuffer;
import java.util.Arrays;

import com.pacerelle.signal.crypto.Hkdf;
import com.pacerelle.signal.protobuf.ProtobufReader;
import com.pacerelle.signal.protobuf.ProtobufWriter;
import com.pacerelle.signal.spqr.SpqrException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The message keys of one direction in one epoch (spqr.md sections 7.4 and 7.6).
 * Immutable.
 *
 * @param counter the number of the last key that was taken, unsigned
 * @param chainKey the 32 bytes that the next key is derived from, or {@code null} when
 * erased
 * @param skipped the keys of skipped messages
 */
record ChainKeyStream(int counter, byte @Nullable [] chainKey, SkippedKeys skipped) {

	static final int KEY_SIZE = 32;

	static ChainKeyStream start(byte[] chainKey) {
		return new ChainKeyStream(0, chainKey, SkippedKeys.NONE);
	}

	/**
	 * Takes the next key.
	 * @return the key and the stream that follows
	 */
	Taken next() {
		return takeAfter(requiredChainKey(), Integer.toUnsignedLong(this.counter), this.skipped);
	}

	/**
	 * Takes the key that the peer used for a message.
	 * @param number the number of the key, unsigned
	 * @param limits how far to look back and ahead
	 * @return the key and the stream that follows
	 */
	Taken take(int number, Limits limits) {
		long last = Integer.toUnsignedLong(this.counter);
		long wanted = Integer.toUnsignedLong(number);
		long kept = Integer.toUnsignedLong(limits.maxOutOfOrderKeys());
		if (wanted <= last) {
			return takeSkipped(number, wanted + kept < last);
		}
		requireNear(last, wanted, limits);
		return takeAhead(last, wanted, kept);
	}

	/**
	 * How many keys are passed on the way to one, which costs nothing to say.
	 * @param number the number of the key, unsigned
	 * @param limits how far to look back and ahead
	 * @return the number of keys to derive
	 * @throws SpqrException if the key was taken, is not kept any more or is too far
	 * ahead
	 */
	int jump(int number, Limits limits) {
		long last = Integer.toUnsignedLong(this.counter);
		long wanted = Integer.toUnsignedLong(number);
		if (wanted > last) {
			requireNear(last, wanted, limits);
			return (int) (wanted - last);
		}
		findSkipped(number, wanted + Integer.toUnsignedLong(limits.maxOutOfOrderKeys()) < last);
		return 0;
	}

	ChainKeyStream withoutChainKey() {
		return new ChainKeyStream(this.counter, null, this.skipped);
	}

	void write(ProtobufWriter writer) {
		writer.uint32UnlessZero(1, this.counter);
		byte[] present = this.chainKey;
		if (present != null) {
			writer.bytes(2, present);
		}
		writer.bytesUnlessEmpty(3, this.skipped.entries());
	}

	static ChainKeyStream decode(ProtobufReader reader) {
		int counter = 0;
		byte[] chainKey = null;
		SkippedKeys skipped = SkippedKeys.NONE;
		while (reader.next()) {
			switch (reader.field()) {
				case 1 -> counter = reader.uint32();
				case 2 -> chainKey = StoredState.bytes(reader, KEY_SIZE, "chain key");
				case 3 -> {
					byte[] entries = reader.bytes();
					StoredState.check(entries.length % SkippedKeys.ENTRY_SIZE == 0, "list of skipped keys");
					skipped = new SkippedKeys(entries);
				}
				default -> reader.skip();
			}
		}
		return new ChainKeyStream(counter, chainKey, skipped);
	}

	@Override
	public String toString() {
		return "ChainKeyStream[counter=" + Integer.toUnsignedString(this.counter) + "]";
	}

	private static void requireNear(long last, long wanted, Limits limits) {
		if (wanted - last > Integer.toUnsignedLong(limits.maxJump())) {
			throw new SpqrException(Reason.KEY_JUMP, "The key of the message is too far ahead");
		}
	}

	private Taken takeSkipped(int number, boolean trimmed) {
		byte[] key = findSkipped(number, trimmed);
		return new Taken(number, key, new ChainKeyStream(this.counter, this.chainKey, this.skipped.without(number)));
	}

	private byte[] findSkipped(int number, boolean trimmed) {
		if (trimmed) {
			throw new SpqrException(Reason.KEY_TRIMMED, "The key of the message is not kept any more");
		}
		byte[] key = (number != this.counter) ? this.skipped.find(number) : null;
		if (key == null) {
			throw new SpqrException(Reason.KEY_ALREADY_REQUESTED, "The key of the message was used already");
		}
		return key;
	}

	private Taken takeAhead(long last, long wanted, long kept) {
		long firstKept = Math.max(last + 1, wanted - kept);
		ByteBuffer passed = ByteBuffer.allocate((int) (wanted - firstKept) * SkippedKeys.ENTRY_SIZE);
		byte[] current = Hkdf.iterate(requiredChainKey(), (int) (last + 1), (int) (firstKept - last - 1),
				Labels.CHAIN_NEXT);
		try {
			for (long number = firstKept; number < wanted; number++) {
				byte[] derived = derive(current, number);
				passed.putInt((int) number).put(derived, KEY_SIZE, KEY_SIZE);
				Arrays.fill(current, (byte) 0);
				current = Arrays.copyOf(derived, KEY_SIZE);
				Arrays.fill(derived, (byte) 0);
			}
			SkippedKeys older = (wanted > last + kept) ? SkippedKeys.NONE : this.skipped;
			// Trimming only beyond a spare tenth makes it rare.
			if (older.size() + wanted - firstKept > kept * 11 / 10) {
				older = older.from(wanted - 1 - kept);
			}
			return takeAfter(current, wanted - 1, older.plus(passed.array()));
		}
		finally {
			Arrays.fill(current, (byte) 0);
			Arrays.fill(passed.array(), (byte) 0);
		}
	}

	private static Taken takeAfter(byte[] chainKey, long last, SkippedKeys skipped) {
		int number = (int) (last + 1);
		byte[] derived = derive(chainKey, last + 1);
		try {
			return new Taken(number, Arrays.copyOfRange(derived, KEY_SIZE, 2 * KEY_SIZE),
					new ChainKeyStream(number, Arrays.copyOf(derived, KEY_SIZE), skipped));
		}
		finally {
			Arrays.fill(derived, (byte) 0);
		}
	}

	/** The first half is the next chain key, the second the key of the message. */
	private static byte[] derive(byte[] chainKey, long number) {
		if (number >>> Integer.SIZE != 0) {
			throw new IllegalStateException("The key stream is used up");
		}
		byte[] info = ByteBuffer.allocate(Integer.BYTES + Labels.CHAIN_NEXT.length)
			.putInt((int) number)
			.put(Labels.CHAIN_NEXT)
			.array();
		return Hkdf.derive(chainKey, info, 2 * KEY_SIZE);
	}

	private byte[] requiredChainKey() {
		byte[] present = this.chainKey;
		if (present == null) {
			throw new IllegalStateException("The chain key was erased");
		}
		return present;
	}

	/**
	 * A key and what follows it.
	 *
	 * @param number the number of the key, unsigned
	 * @param key 32 secret bytes
	 * @param next the stream without that key
	 */
	record Taken(int number, byte[] key, ChainKeyStream next) {

		@Override
		public String toString() {
			return "Taken[number=" + Integer.toUnsignedString(this.number) + "]";
		}

	}

}
