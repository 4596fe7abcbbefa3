package com.pacerelle.test;

/**
 * A point at which a process may be killed while it handles a message.
 */
public enum CrashPoint {

	/**
	 * The handler has returned, and nothing of that is on the disk: after the restart it
	 * is called again for the same message.
	 */
	BEFORE_COMMIT,

	/**
	 * The answer and the acceptance of the message are on the disk, and nothing of that
	 * was sent: after the restart the answer is sent, and the handler not called again.
	 */
	AFTER_COMMIT

}
