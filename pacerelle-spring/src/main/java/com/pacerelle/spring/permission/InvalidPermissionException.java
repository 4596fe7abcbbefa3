package com.pacerelle.spring.permission;

import java.util.List;

/**
 * A bean has methods with {@link RequiresPermission @RequiresPermission} that cannot be
 * guarded. The application does not start.
 */
public final class InvalidPermissionException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	InvalidPermissionException(List<String> problems) {
		super(String.join(System.lineSeparator(), problems));
	}

}
