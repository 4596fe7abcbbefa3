package com.pacerelle.client.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * The operations of a client that are observed. Each becomes a timer, and a span of the
 * trace of its message, when the application has a registry with such handlers. Neither
 * content nor an exception's message is ever part of one.
 */
public enum PacerelleObservation implements ObservationDocumentation {

	/**
	 * A message, from the beginning of its turn to its acceptance or refusal, with all
	 * attempts to handle it and the pauses between them. One that was stored ahead of its
	 * turn has been observed before, with this outcome. The root of its trace.
	 */
	RECEIVE("pacerelle.receive"),

	/** The decryption of a message. Its outcome is the reason when it is refused. */
	DECRYPT("pacerelle.decrypt"),

	/**
	 * A call of the handler, until what it returned has ended. The time that people take
	 * to answer is part of it.
	 */
	HANDLE("pacerelle.handle"),

	/** A question, until its answer. */
	ASK("pacerelle.ask"),

	/** The sending of contents, until they are committed: uploads and encryption. */
	SEND("pacerelle.send"),

	/** The encryption and upload of a file. */
	UPLOAD("pacerelle.upload"),

	/**
	 * A transaction of the store that is waited for: of a message and its session, or of
	 * frames and acceptances.
	 */
	COMMIT("pacerelle.commit"),

	/** An attempt to connect, the first one or after a loss. */
	CONNECT("pacerelle.connect");

	private final String name;

	private final PacerelleObservationConvention convention;

	PacerelleObservation(String name) {
		this.name = name;
		this.convention = new DefaultPacerelleObservationConvention(this, name);
	}

	/**
	 * The name of the timer, and of the span if the convention has none.
	 * @return such as {@code pacerelle.receive}
	 */
	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
		return DefaultPacerelleObservationConvention.class;
	}

	/**
	 * The convention that counts unless the registry has another one.
	 * @return the convention
	 */
	public PacerelleObservationConvention convention() {
		return this.convention;
	}

	@Override
	public KeyName[] getLowCardinalityKeyNames() {
		return LowCardinalityKeyNames.values();
	}

	@Override
	public KeyName[] getHighCardinalityKeyNames() {
		return HighCardinalityKeyNames.values();
	}

	/**
	 * The keys that timers and spans have.
	 */
	public enum LowCardinalityKeyNames implements KeyName {

		/**
		 * How it ended: {@code success}, {@code error} or {@code cancelled}, and
		 * {@code none} of what goes on. Of a message {@code accepted}, {@code no-handler}
		 * when it needed none, such as an awaited answer, {@code refused}, {@code stored}
		 * when it was only stored ahead of its turn, {@code deferred} when it is tried
		 * again later, {@code dead-letter}, {@code discarded} when a recoverer did not
		 * keep it, or {@code cancelled}. Of a decryption {@code success} or the reason,
		 * such as {@code undecryptable}. Of an attempt to connect {@code connected},
		 * {@code token-refused} or {@code failed}.
		 */
		OUTCOME("outcome"),

		/** The simple name of an exception's class, or {@code none}. */
		EXCEPTION("exception"),

		/**
		 * Of a message and its handler {@code text}, {@code files}, {@code answer} or
		 * {@code update}; of a question the type of its widget; else {@code none}.
		 */
		KIND("kind");

		private final String key;

		LowCardinalityKeyNames(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

	/**
	 * The keys that only spans have.
	 */
	public enum HighCardinalityKeyNames implements KeyName {

		/** The id of the conversation. It says nothing about the people in it. */
		CONVERSATION_ID("conversation.id"),

		/** The id of the message that came, or that is answered. */
		MESSAGE_ID("message.id");

		private final String key;

		HighCardinalityKeyNames(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

}
