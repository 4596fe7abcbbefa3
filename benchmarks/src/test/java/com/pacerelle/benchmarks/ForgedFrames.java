package com.pacerelle.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.stream.Stream;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;
import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.InMemorySignalStore;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.PreKeyBundle;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignalProtocolException;
import com.pacerelle.signal.SignalStore;
import com.pacerelle.signal.SignedPreKey;
import com.pacerelle.signal.protobuf.ProtobufReader;
import com.pacerelle.signal.protobuf.ProtobufWriter;
import com.pacerelle.signal.session.SessionCipher;

/**
 * What it costs to refuse a forged frame, when its peer has one session and when it has
 * 41, and what an honest message costs then. The store is the one of SQLite.
 */
public final class ForgedFrames {

	private static final int ROUNDS = 61;

	private static final int ROUND_TRIPS = 400;

	private static final SecureRandom RANDOM = new SecureRandom();

	private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

	private ForgedFrames() {
	}

	/**
	 * Prints two tables.
	 * @param arguments none
	 * @throws IOException if there is no room for the stores
	 */
	public static void main(String... arguments) throws IOException {
		Path root = Files.createTempDirectory("forged-frames");
		try (Agent one = new Agent(root.resolve("1"), 1); Agent many = new Agent(root.resolve("41"), 41)) {
			Map<String, byte[]> ofOne = one.forgedFrames();
			Map<String, byte[]> ofMany = many.forgedFrames();
			System.out.println("| forged frame | bytes | 1 session, CPU µs | 41 sessions, CPU µs |");
			System.out.println("|---|---|---|---|");
			for (Entry<String, byte[]> frame : ofMany.entrySet()) {
				byte[] counterpart = ofOne.get(frame.getKey());
				System.out.println("| %s | %d | %s | %.0f |".formatted(frame.getKey(), frame.getValue().length,
						(counterpart != null) ? "%.0f".formatted(one.refuse(counterpart)) : "",
						many.refuse(frame.getValue())));
			}
			double[] first = new double[ROUND_TRIPS];
			double[] second = new double[ROUND_TRIPS];
			for (int i = -ROUND_TRIPS; i < ROUND_TRIPS; i++) {
				double costOfOne = one.roundTrip();
				double costOfMany = many.roundTrip();
				if (i >= 0) {
					first[i] = costOfOne;
					second[i] = costOfMany;
				}
			}
			System.out.println();
			System.out.println("| honest round trip | 1 session, µs | 41 sessions, µs | ratio |");
			System.out.println("|---|---|---|---|");
			System.out.println("| with its commits | %.0f | %.0f | %.2f |".formatted(median(first), median(second),
					median(second) / median(first)));
		}
		finally {
			try (Stream<Path> files = Files.walk(root)) {
				for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
					Files.delete(file);
				}
			}
		}
	}

	private static double median(double[] values) {
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		return sorted[sorted.length / 2];
	}

	/**
	 * An agent with a person who has started some sessions, one after the other.
	 */
	private static final class Agent implements AutoCloseable {

		private static final ProtocolAddress PERSON = ProtocolAddress.of("human:ann:kitchen");

		private static final ProtocolAddress AGENT = ProtocolAddress.of("agent:a");

		private final AgentStore store;

		private final InMemorySignalStore person = new InMemorySignalStore(EcKeyPair.generate(RANDOM), 2);

		private Message archived;

		private Message current;

		private final byte[] firstFrame;

		Agent(Path root, int sessions) {
			this.store = SqliteAgentStore.open(root, "agent");
			SignedPreKey signed = SignedPreKey.generate(1, this.store.identityKeyPair(), RANDOM);
			KyberPreKey kyber = KyberPreKey.generate(1, this.store.identityKeyPair(), RANDOM);
			this.store.commitAndWait(List.of(new Change.PreKeysCreated(signed, kyber, List.of(), Instant.now())));
			PreKeyBundle bundle = PreKeyBundle.of(1, this.store.identityKeyPair().publicKey(), signed, kyber, null);
			for (int i = 0; i < sessions; i++) {
				start(bundle);
			}
			SessionCipher cipher = cipher(this.person);
			cipher.process(AGENT, bundle);
			this.firstFrame = cipher.encrypt(AGENT, new byte[64]);
		}

		private void start(PreKeyBundle bundle) {
			SessionCipher cipher = cipher(this.person);
			cipher.process(AGENT, bundle);
			this.person.commit(cipher.changes());
			this.archived = this.current;
			for (int i = 0; i < 20; i++) {
				byte[] frame = encrypt(this.person, AGENT);
				decrypt(this.store, PERSON, frame);
				decrypt(this.person, AGENT, encrypt(this.store, PERSON));
				if (!SessionCipher.isPreKeyMessage(frame)) {
					this.current = Message.parse(frame);
				}
			}
		}

		Map<String, byte[]> forgedFrames() {
			Message known = this.current;
			byte[] unknown = EcKeyPair.generate(RANDOM).publicKey().encode();
			Map<String, byte[]> frames = new LinkedHashMap<>();
			frames.put("no post-quantum part", new Message(unknown, known.counter, known.epoch, -1).frame());
			frames.put("ratchet key of the current session, next message", known.ahead(1).frame());
			frames.put("ratchet key of the current session, 24,999 skipped", known.ahead(24_999).frame());
			frames.put("new ratchet key, first message", known.withRatchetKey(unknown, 0, 3).frame());
			frames.put("new ratchet key, 48 skipped", known.withRatchetKey(unknown, 48, 3).frame());
			frames.put("new ratchet key, 24,999 skipped", known.withRatchetKey(unknown, 24_999, 24_999).frame());
			if (this.archived != null) {
				frames.put("ratchet key of an archived session, next message", this.archived.ahead(1).frame());
				frames.put("ratchet key of an archived session, 24,999 skipped", this.archived.ahead(24_999).frame());
			}
			frames.put("new session, wrong keys", withOtherBaseKey(this.firstFrame));
			return frames;
		}

		/** A first message to existing prekeys, of which nothing else is right. */
		private static byte[] withOtherBaseKey(byte[] frame) {
			ProtobufReader reader = new ProtobufReader(frame, 2, frame.length);
			ProtobufWriter writer = new ProtobufWriter();
			while (reader.next()) {
				switch (reader.field()) {
					case 2 -> {
						reader.skip();
						writer.bytes(2, EcKeyPair.generate(RANDOM).publicKey().encode());
					}
					case 3, 4, 8 -> writer.bytes(reader.field(), reader.bytes());
					default -> writer.uint32(reader.field(), reader.uint32());
				}
			}
			byte[] body = writer.toByteArray();
			byte[] forged = Arrays.copyOf(frame, 2 + body.length);
			System.arraycopy(body, 0, forged, 2, body.length);
			return forged;
		}

		/**
		 * Refuses a frame again and again.
		 * @return the median of the CPU time in microseconds
		 */
		double refuse(byte[] frame) {
			double[] times = new double[ROUNDS];
			for (int round = -2 * ROUNDS; round < ROUNDS; round++) {
				long start = THREADS.getCurrentThreadCpuTime();
				refuseOnce(frame);
				if (round >= 0) {
					times[round] = (THREADS.getCurrentThreadCpuTime() - start) / 1000.0;
				}
			}
			return median(times);
		}

		private void refuseOnce(byte[] frame) {
			try {
				cipher(this.store).decrypt(PERSON, frame);
			}
			catch (SignalProtocolException ex) {
				return;
			}
			throw new IllegalStateException("A forged frame was decrypted");
		}

		/**
		 * The person writes, the agent reads and answers, the person reads.
		 * @return the agent's part in microseconds
		 */
		double roundTrip() {
			byte[] frame = encrypt(this.person, AGENT);
			long start = System.nanoTime();
			decrypt(this.store, PERSON, frame);
			byte[] answer = encrypt(this.store, PERSON);
			long end = System.nanoTime();
			decrypt(this.person, AGENT, answer);
			return (end - start) / 1000.0;
		}

		private static SessionCipher cipher(SignalStore store) {
			return new SessionCipher(store, RANDOM, Clock.systemUTC());
		}

		private static byte[] encrypt(SignalStore store, ProtocolAddress peer) {
			SessionCipher cipher = cipher(store);
			byte[] frame = cipher.encrypt(peer, new byte[64]);
			store.commit(cipher.changes());
			return frame;
		}

		private static void decrypt(SignalStore store, ProtocolAddress peer, byte[] frame) {
			SessionCipher cipher = cipher(store);
			cipher.decrypt(peer, frame);
			store.commit(cipher.changes());
		}

		@Override
		public void close() {
			this.store.close();
		}

	}

	/**
	 * What can be read off a frame by whoever carries it.
	 */
	private record Message(byte[] ratchetKey, int counter, int epoch, int index) {

		static Message parse(byte[] frame) {
			byte[] ratchetKey = {};
			int counter = 0;
			ByteBuffer pqRatchet = ByteBuffer.allocate(0);
			ProtobufReader reader = new ProtobufReader(frame, 2, frame.length - 8);
			while (reader.next()) {
				switch (reader.field()) {
					case 1 -> ratchetKey = reader.bytes();
					case 2 -> counter = reader.uint32();
					case 5 -> pqRatchet = ByteBuffer.wrap(reader.bytes()).position(1);
					default -> reader.skip();
				}
			}
			return new Message(ratchetKey, counter, varint(pqRatchet), varint(pqRatchet));
		}

		Message ahead(int messages) {
			return new Message(this.ratchetKey, this.counter + messages, this.epoch, this.index + messages);
		}

		Message withRatchetKey(byte[] other, int first, int keysAhead) {
			return new Message(other, first, this.epoch, this.index + keysAhead);
		}

		/** With 16 bytes of nonsense and a MAC of zeros. */
		byte[] frame() {
			ByteBuffer pqRatchet = ByteBuffer.allocate(16);
			if (this.index >= 0) {
				varint(pqRatchet.put((byte) 1), this.epoch);
				varint(pqRatchet, this.index);
				pqRatchet.put((byte) 0);
			}
			byte[] body = new ProtobufWriter().bytes(1, this.ratchetKey)
				.uint32(2, this.counter)
				.uint32(3, 0)
				.bytes(4, new byte[16])
				.bytesUnlessEmpty(5, Arrays.copyOf(pqRatchet.array(), pqRatchet.position()))
				.toByteArray();
			byte[] frame = new byte[2 + body.length + 8];
			frame[0] = 2;
			frame[1] = 0x44;
			System.arraycopy(body, 0, frame, 2, body.length);
			return frame;
		}

		private static int varint(ByteBuffer buffer) {
			int value = 0;
			for (int shift = 0;; shift += 7) {
				byte next = buffer.get();
				value |= (next & 0x7F) << shift;
				if (next >= 0) {
					return value;
				}
			}
		}

		private static void varint(ByteBuffer buffer, int value) {
			int rest = value;
			for (; rest > 0x7F; rest >>>= 7) {
				buffer.put((byte) (rest | 0x80));
			}
			buffer.put((byte) rest);
		}

	}

}
