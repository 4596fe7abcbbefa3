package com.example;

/**
 * Code of an application, which is in no package of the library.
 */
public final class Application {

	private Application() {
	}

	/**
	 * A failure of the application.
	 * @param message quotes somebody
	 * @return the failure, with a cause of the same kind
	 */
	public static RuntimeException failure(String message) {
		return new IllegalStateException(message, new RuntimeException(message));
	}

}
