package com.pacerelle.client;

/**
 * What happens when a known person writes under an identity that is new: from a device
 * that was never seen, or from one that has another identity elsewhere. The first
 * identity of a person is always trusted.
 */
public enum NewDevicePolicy {

	/** Its messages are handled. */
	ACCEPT,

	/** Its messages are handled, and it is told: in the log, and as an event. */
	NOTIFY,

	/**
	 * Its messages wait until another device of the person, or the operator, has approved
	 * it.
	 */
	APPROVE

}
