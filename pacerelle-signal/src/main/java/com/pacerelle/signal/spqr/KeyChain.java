package com.pacerelle.signal.spqr;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import com.pacerelle.signal.crypto.Hkdf;
import com.pacerelle.signal.protobuf.ProtobufReader;
import com.pacerelle.signal.protobuf.ProtobufWriter;
import com.pacerelle.signal.spqr.SpqrException.Reason;

/**
 * The message keys of all epochs that are still in use (spqr.md section 7). Immutable.
 *
 * @param direction the party
 * @param currentEpoch the newest key epoch, that of the last link
 * @param sendingEpoch the key epoch of the last key that was taken for sending
 * @param nextRoot 32 secret bytes that the next epoch depends on
 * @param limits how far to follow the peer
 * @param links the key streams of the epochs, the oldest first, without gaps
 */
record KeyChain(Direction direction, long currentEpoch, long sendingEpoch, byte[] nextRoot, Limits limits,
		List<Link> links) {

	private static final int KEY_SIZE = ChainKeyStream.KEY_SIZE;

	private static final int MAX_LINKS = 3;

	KeyChain {
		links = List.copyOf(links);
	}

	/**
	 * The chain with key epoch 0.
	 * @param direction the party
	 * @param authKey the 32 bytes that PQXDH derived for SPQR
	 * @param limits how far to follow the peer
	 * @return the chain
	 */
	static KeyChain start(Direction direction, byte[] authKey, Limits limits) {
		byte[] keys = Hkdf.derive(authKey, Labels.CHAIN_START, 3 * KEY_SIZE);
		try {
			return new KeyChain(direction, 0, 0, part(keys, 0), limits, List.of(link(direction, keys)));
		}
		finally {
			Arrays.fill(keys, (byte) 0);
		}
	}

	/**
	 * Appends the key epoch of a finished exchange.
	 * @param secret the secret of the epoch after the newest one
	 * @return the longer chain
	 */
	KeyChain add(EpochSecret secret) {
		if (secret.epoch() != this.currentEpoch + 1) {
			throw new IllegalStateException("An epoch of the key chain was left out");
		}
		byte[] keys = Hkdf.derive(this.nextRoot, secret.value(), Labels.CHAIN_ADD_EPOCH, 3 * KEY_SIZE);
		try {
			List<Link> longer = new ArrayList<>(this.links);
			longer.add(link(this.direction, keys));
			return new KeyChain(this.direction, secret.epoch(), this.sendingEpoch, part(keys, 0), this.limits, longer);
		}
		finally {
			Arrays.fill(keys, (byte) 0);
		}
	}

	/**
	 * Takes the next key for sending. The first key of a newer epoch ends the sending of
	 * the earlier ones and forgets all but the last of them.
	 * @param epoch the key epoch, not older than that of the last call
	 * @return the key and the chain that follows
	 */
	Taken takeSendKey(long epoch) {
		if (Long.compareUnsigned(epoch, this.sendingEpoch) < 0) {
			throw new SpqrException(Reason.SEND_KEY_EPOCH_DECREASED, "The sending epoch went back");
		}
		int index = indexOf(epoch);
		List<Link> kept = new ArrayList<>(this.links);
		if (epoch != this.sendingEpoch) {
			kept.subList(0, index - 1).clear();
			kept.set(0, kept.get(0).withoutSending());
			index = 1;
		}
		Link link = kept.get(index);
		ChainKeyStream.Taken taken = link.send().next();
		kept.set(index, new Link(taken.next(), link.receive()));
		return new Taken(taken.number(), taken.key(),
				new KeyChain(this.direction, this.currentEpoch, epoch, this.nextRoot, this.limits, kept));
	}

	/**
	 * How many keys have to be derived for a received message.
	 * @param epoch the key epoch
	 * @param number the number of the key, unsigned
	 * @return the number of keys
	 * @throws SpqrException if there is no such key
	 */
	int jump(long epoch, int number) {
		return this.links.get(indexOf(epoch)).receive().jump(number, this.limits);
	}

	/**
	 * Takes the key of a received message.
	 * @param epoch the key epoch
	 * @param number the number of the key, unsigned
	 * @return the key and the chain that follows
	 */
	Taken takeReceiveKey(long epoch, int number) {
		int index = indexOf(epoch);
		Link link = this.links.get(index);
		ChainKeyStream.Taken taken = link.receive().take(number, this.limits);
		List<Link> changed = new ArrayList<>(this.links);
		changed.set(index, new Link(link.send(), taken.next()));
		return new Taken(taken.number(), taken.key(), new KeyChain(this.direction, this.currentEpoch, this.sendingEpoch,
				this.nextRoot, this.limits, changed));
	}

	ProtobufWriter encode() {
		ProtobufWriter writer = new ProtobufWriter();
		write(writer);
		return writer;
	}

	void write(ProtobufWriter writer) {
		writer.uint32UnlessZero(1, this.direction.ordinal()).uint64UnlessZero(2, this.currentEpoch);
		for (Link link : this.links) {
			writer.message(3, link::write);
		}
		writer.bytes(4, this.nextRoot).uint64UnlessZero(5, this.sendingEpoch).message(6, this.limits.encode());
	}

	static KeyChain decode(ProtobufReader reader) {
		Direction direction = Direction.A2B;
		long currentEpoch = 0;
		long sendingEpoch = 0;
		byte[] nextRoot = {};
		Limits limits = Limits.DEFAULT;
		List<Link> links = new ArrayList<>();
		while (reader.next()) {
			switch (reader.field()) {
				case 1 -> direction = Direction.decode(reader);
				case 2 -> currentEpoch = reader.uint64();
				case 3 -> links.add(Link.decode(reader.message()));
				case 4 -> nextRoot = reader.bytes();
				case 5 -> sendingEpoch = reader.uint64();
				case 6 -> limits = Limits.decode(reader.message());
				default -> reader.skip();
			}
		}
		KeyChain chain = new KeyChain(direction, currentEpoch, sendingEpoch, nextRoot, limits, links);
		StoredState.check(nextRoot.length == KEY_SIZE && chain.isComplete(), "key chain");
		return chain;
	}

	@Override
	public String toString() {
		return "KeyChain[currentEpoch=" + Long.toUnsignedString(this.currentEpoch) + ", sendingEpoch="
				+ Long.toUnsignedString(this.sendingEpoch) + "]";
	}

	/** Whether every key that the braid can ask for is there. */
	private boolean isComplete() {
		long linksAfterSending = this.currentEpoch - this.sendingEpoch;
		if (this.links.isEmpty() || this.links.size() > MAX_LINKS || linksAfterSending < 0
				|| linksAfterSending >= this.links.size()) {
			return false;
		}
		int sending = this.links.size() - 1 - (int) linksAfterSending;
		return this.links.stream().allMatch((link) -> link.receive().chainKey() != null)
				&& this.links.stream().skip(sending).allMatch((link) -> link.send().chainKey() != null);
	}

	private int indexOf(long epoch) {
		long index = this.links.size() - 1 - (this.currentEpoch - epoch);
		if (index < 0 || index >= this.links.size()) {
			throw new SpqrException(Reason.EPOCH_OUT_OF_RANGE, "There are no keys for the epoch of the message");
		}
		return (int) index;
	}

	private static Link link(Direction direction, byte[] keys) {
		ChainKeyStream fromInitiator = ChainKeyStream.start(part(keys, 1));
		ChainKeyStream fromResponder = ChainKeyStream.start(part(keys, 2));
		return switch (direction) {
			case A2B -> new Link(fromInitiator, fromResponder);
			case B2A -> new Link(fromResponder, fromInitiator);
		};
	}

	private static byte[] part(byte[] keys, int index) {
		return Arrays.copyOfRange(keys, index * KEY_SIZE, (index + 1) * KEY_SIZE);
	}

	/**
	 * The key streams of one epoch.
	 *
	 * @param send the keys of our messages
	 * @param receive the keys of the peer's messages
	 */
	record Link(ChainKeyStream send, ChainKeyStream receive) {

		Link withoutSending() {
			return new Link(this.send.withoutChainKey(), this.receive);
		}

		void write(ProtobufWriter writer) {
			writer.message(1, this.send::write).message(2, this.receive::write);
		}

		static Link decode(ProtobufReader reader) {
			ChainKeyStream empty = new ChainKeyStream(0, null, SkippedKeys.NONE);
			ChainKeyStream send = empty;
			ChainKeyStream receive = empty;
			while (reader.next()) {
				switch (reader.field()) {
					case 1 -> send = ChainKeyStream.decode(reader.message());
					case 2 -> receive = ChainKeyStream.decode(reader.message());
					default -> reader.skip();
				}
			}
			return new Link(send, receive);
		}

	}

	/**
	 * A key and what follows it.
	 *
	 * @param number the number of the key, unsigned
	 * @param key 32 secret bytes
	 * @param next the chain without that key
	 */
	record Taken(int number, byte[] key, KeyChain next) {

		@Override
		public String toString() {
			return "Taken[number=" + Integer.toUnsignedString(this.number) + "]";
		}

	}

}
