package com.pacerelle.client.store.jdbc;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Another process of the tests' own classes.
 */
final class StoreProcess implements AutoCloseable {

	private final Process process;

	private final BufferedReader output;

	private StoreProcess(Process process) {
		this.process = process;
		this.output = process.inputReader();
	}

	static StoreProcess start(Path directory, Class<?> main, Object... arguments) throws IOException {
		return start(directory, List.of(), main, arguments);
	}

	static StoreProcess start(Path directory, List<String> options, Class<?> main, Object... arguments)
			throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-XX:+UseSerialGC", "-Xmx128m", "-Djava.io.tmpdir=" + directory));
		command.addAll(options);
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
		for (Object argument : arguments) {
			command.add(argument.toString());
		}
		return new StoreProcess(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start());
	}

	/**
	 * The next line that the process wrote.
	 * @return the line, or {@code null} after the last one
	 * @throws IOException if it cannot be read
	 */
	String readLine() throws IOException {
		return this.output.readLine();
	}

	void kill() throws InterruptedException {
		// Not by the process itself, which would close its output.
		this.process.toHandle().destroyForcibly();
		this.process.waitFor(1, TimeUnit.MINUTES);
	}

	@Override
	public void close() throws IOException {
		this.process.destroyForcibly();
		this.output.close();
	}

}
