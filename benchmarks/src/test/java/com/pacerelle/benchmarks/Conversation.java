package com.pacerelle.benchmarks;

/**
 * Two parties that talk to each other.
 *
 * @param initiator starts the session
 * @param responder publishes bundles
 * @param <B> the type of their bundles
 */
record Conversation<B>(Party<B> initiator, Party<B> responder) {

	/**
	 * Sends messages in turn, each one in answer to the one before.
	 * @param turns how often both parties send
	 * @param plaintext what they send
	 */
	void alternate(int turns, byte[] plaintext) {
		for (int i = 0; i < turns; i++) {
			this.responder.decrypt(this.initiator.encrypt(plaintext));
			this.initiator.decrypt(this.responder.encrypt(plaintext));
		}
	}

	/**
	 * Starts a session.
	 * @param turns how often both parties have sent when it returns
	 * @param plaintext what they send
	 */
	void start(int turns, byte[] plaintext) {
		this.initiator.process(this.responder.bundle());
		alternate(turns, plaintext);
	}

	/**
	 * Takes a bundle, now, to start a session with, later.
	 * @return starts the session and makes the responder decrypt the first message
	 */
	SetUp prepareSetUp() {
		B bundle = this.responder.bundle();
		return (plaintext) -> {
			this.initiator.process(bundle);
			return this.responder.decrypt(this.initiator.encrypt(plaintext));
		};
	}

	/**
	 * The set-up of a session in both roles.
	 */
	interface SetUp {

		byte[] complete(byte[] plaintext);

	}

}
