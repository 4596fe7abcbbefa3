package com.pacerelle.benchmarks;

/**
 * The implementations of the session protocol that are compared.
 */
public enum Library {

	/** This project. */
	PACERELLE {

		@Override
		Conversation<?> conversation() {
			return new Conversation<>(new PacerelleParty(), new PacerelleParty());
		}

	},

	/** libsignal-client: the protocol in native code, called through JNI. */
	LIBSIGNAL {

		@Override
		Conversation<?> conversation() {
			return new Conversation<>(new LibsignalParty(), new LibsignalParty());
		}

	};

	/**
	 * Two new parties that have no session yet.
	 * @return their conversation
	 */
	abstract Conversation<?> conversation();

}
