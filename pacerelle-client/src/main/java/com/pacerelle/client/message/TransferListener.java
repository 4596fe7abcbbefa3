package com.pacerelle.client.message;

/**
 * Notified of the progress of an upload or a download. Called on a thread that transfers
 * files: must return at once.
 */
@FunctionalInterface
public interface TransferListener {

	/**
	 * Listens to nothing.
	 */
	TransferListener NONE = (transferred, total) -> {
	};

	/**
	 * Called after each part of a file.
	 * @param transferred how many bytes of the encrypted file went over the network,
	 * never fewer than the last time
	 * @param total how many there are, 16 more than the file has
	 */
	void transferred(long transferred, long total);

}
