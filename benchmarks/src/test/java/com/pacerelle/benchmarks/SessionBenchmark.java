package com.pacerelle.benchmarks;

import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * The operations of sessions, each of them with reading the session's record from a store
 * in memory, decoding it, encoding it and storing it again.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class SessionBenchmark {

	/** Messages per invocation; each of them can be decrypted only once. */
	static final int MESSAGES = 100;

	/** New sessions per invocation. */
	static final int SESSIONS = 10;

	/** Far enough for both parties to be in the long phase of SPQR's exchange. */
	private static final int TURNS = 20;

	/**
	 * One party sends without ever getting an answer.
	 * @param state the session
	 * @param blackhole takes the frames
	 */
	@Benchmark
	@OperationsPerInvocation(MESSAGES)
	public void encrypt(Session state, Blackhole blackhole) {
		for (int i = 0; i < MESSAGES; i++) {
			blackhole.consume(state.conversation.initiator().encrypt(state.plaintext()));
		}
	}

	/**
	 * The other party reads what was sent without ever answering.
	 * @param state the session
	 * @param blackhole takes the plaintexts
	 */
	@Benchmark
	@OperationsPerInvocation(MESSAGES)
	public void decrypt(SessionWithFrames state, Blackhole blackhole) {
		for (byte[] frame : state.frames) {
			blackhole.consume(state.conversation.responder().decrypt(frame));
		}
	}

	/**
	 * Each message answers the one before: two encryptions and two decryptions, each of
	 * which makes a ratchet step. A run goes through all phases of SPQR's exchange many
	 * times.
	 * @param state the session
	 */
	@Benchmark
	public void pingPong(Session state) {
		state.conversation.alternate(1, state.plaintext());
	}

	/**
	 * The initiator checks a bundle, starts the session and encrypts a first message; the
	 * responder creates the session and decrypts the message.
	 * @param state the bundles
	 * @param blackhole takes the plaintexts
	 */
	@Benchmark
	@OperationsPerInvocation(SESSIONS)
	public void setUp(Bundles state, Blackhole blackhole) {
		for (Conversation.SetUp setUp : state.setUps) {
			blackhole.consume(setUp.complete(state.plaintext()));
		}
	}

	/**
	 * What all benchmarks vary.
	 */
	@State(Scope.Thread)
	public static class Subject {

		/** Whose code runs. */
		@Param
		public Library library;

		/** The length of the plaintext in bytes. */
		@Param("64")
		public int length;

		byte[] plaintext() {
			return new byte[this.length];
		}

	}

	/**
	 * A session.
	 */
	public static class Session extends Subject {

		Conversation<?> conversation;

		/**
		 * Starts the session.
		 */
		@Setup(Level.Trial)
		public void start() {
			this.conversation = this.library.conversation();
			this.conversation.start(TURNS, this.plaintext());
		}

	}

	/**
	 * A session in which messages were sent.
	 */
	public static class SessionWithFrames extends Session {

		final byte[][] frames = new byte[MESSAGES][];

		/**
		 * Sends the messages.
		 */
		@Setup(Level.Invocation)
		public void send() {
			for (int i = 0; i < MESSAGES; i++) {
				this.frames[i] = this.conversation.initiator().encrypt(this.plaintext());
			}
		}

	}

	/**
	 * Pairs of parties of which one has the other's bundle.
	 */
	public static class Bundles extends Subject {

		Conversation.SetUp[] setUps;

		/**
		 * Makes the parties and the bundles.
		 */
		@Setup(Level.Invocation)
		public void create() {
			this.setUps = Stream.generate(this.library::conversation)
				.limit(SESSIONS)
				.map(Conversation::prepareSetUp)
				.toArray(Conversation.SetUp[]::new);
		}

	}

}
