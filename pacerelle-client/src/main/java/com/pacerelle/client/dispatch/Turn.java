package com.pacerelle.client.dispatch;

import java.time.Duration;

/**
 * The turn of a task: until it is over, no later task of the conversation runs. All
 * methods may be called on any thread.
 */
public interface Turn {

	/** The task is done. */
	void done();

	/**
	 * The task runs again, ahead of later ones.
	 * @param pause after how long
	 */
	void pause(Duration pause);

	/**
	 * Allows later tasks of the conversation to be looked at, at most until the turn is
	 * over.
	 */
	void allowLookAhead();

	/**
	 * Takes back one call of {@link #allowLookAhead()}.
	 */
	void endLookAhead();

	/**
	 * Releases its place to another conversation until a person has answered.
	 */
	void await();

	/**
	 * Takes a place again as soon as there is one, ahead of those who have not begun.
	 * While it still waits for another answer it needs none.
	 * @param next what to do then
	 */
	void resume(Runnable next);

}
