package com.pacerelle.client.message;

/**
 * For how long a permission is given (gateway.md section 8).
 */
public enum PermissionScope {

	/** For one operation. */
	ONCE,

	/** Until the session of the agent ends. */
	SESSION

}
