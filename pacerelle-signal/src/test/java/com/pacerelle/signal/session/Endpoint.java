package com.pacerelle.signal.session;

import com.pacerelle.signal.PreKeyBundle;

/**
 * One side of a conversation, with all its state in a store.
 */
interface Endpoint {

	/**
	 * Makes a bundle with a new one-time prekey.
	 * @return the bundle
	 */
	PreKeyBundle bundle();

	/**
	 * Starts a session with the other side.
	 * @param bundle the other side's bundle
	 */
	void process(PreKeyBundle bundle);

	byte[] encrypt(String text);

	/**
	 * Decrypts a frame.
	 * @param frame the frame
	 * @return the text
	 * @throws Refused if the frame is not acceptable
	 */
	String decrypt(byte[] frame);

	/**
	 * The sessions in the format of signal.md section 15.
	 * @return the encoded record
	 */
	byte[] encodedRecord();

	/**
	 * Writes everything down and reads it again into a new store.
	 */
	void restart();

	/**
	 * A message was not accepted.
	 */
	final class Refused extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private final boolean duplicate;

		Refused(Exception cause, boolean duplicate) {
			super(cause);
			this.duplicate = duplicate;
		}

		boolean isDuplicate() {
			return this.duplicate;
		}

	}

}
