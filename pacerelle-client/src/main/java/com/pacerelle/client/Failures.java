package com.pacerelle.client;

/**
 * Describes failures of application code for the log: their messages may quote what a
 * person wrote, their types and origins do not.
 */
final class Failures {

	private Failures() {
	}

	/**
	 * The types of a failure and its causes, and where it came from.
	 * @param failure the failure
	 * @return such as
	 * {@code IllegalStateException at com.example.Echo.echo(Echo.java:12)}
	 */
	static String describe(Throwable failure) {
		StringBuilder description = new StringBuilder();
		int depth = 0;
		for (Throwable cause = failure; cause != null && depth < 5; cause = cause.getCause()) {
			description.append((depth++ > 0) ? ", caused by " : "").append(cause.getClass().getName());
			StackTraceElement[] trace = cause.getStackTrace();
			if (trace.length > 0) {
				description.append(" at ").append(trace[0]);
			}
		}
		return description.toString();
	}

}
