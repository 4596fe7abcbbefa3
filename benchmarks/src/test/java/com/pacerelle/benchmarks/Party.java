package com.pacerelle.benchmarks;

/**
 * One end of a session, with a store in memory that holds encoded records: each call
 * reads and decodes what it needs and stores what it changed.
 *
 * @param <B> the type of the party's bundles
 */
interface Party<B> {

	/**
	 * Makes and stores a new one-time prekey.
	 * @return a bundle with it and with the prekeys that all bundles share
	 */
	B bundle();

	/**
	 * Starts a session.
	 * @param bundle the peer's bundle
	 */
	void process(B bundle);

	/**
	 * Encrypts a message to the peer.
	 * @param plaintext the plaintext
	 * @return the frame
	 */
	byte[] encrypt(byte[] plaintext);

	/**
	 * Decrypts a message from the peer.
	 * @param frame the frame
	 * @return the plaintext
	 */
	byte[] decrypt(byte[] frame);

}
