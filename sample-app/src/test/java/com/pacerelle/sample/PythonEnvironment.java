package com.pacerelle.sample;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * CPython 3.12 with the published SDK in a virtual environment under {@code target}, for
 * the peers in {@code src/test/python}. The SDK's native runtime is built for this
 * version only.
 */
final class PythonEnvironment {

	static final String MISSING = "CPython 3.12 is missing: install it, for example with 'pyenv install 3.12', "
			+ "or name the interpreter in the environment variable PACERELLE_TEST_PYTHON";

	/** The tests of other modules share it. */
	private static final Path MODULE = Path.of(System.getProperty("sample.directory", ""));

	private static final Path SCRIPTS = MODULE.resolve("src/test/python").toAbsolutePath();

	private static final Path HOME = MODULE.resolve("target/python").toAbsolutePath();

	/** Tests run in several processes, of which one installs. */
	private static final Path LOCK = Path.of("target/python.lock").toAbsolutePath();

	private static final Path PYTHON = HOME.resolve("bin/python");

	private static final String PROBE = "import sys; print(sys.implementation.name, *sys.version_info[:2])";

	private static final Optional<Path> INTERPRETER = findInterpreter();

	private PythonEnvironment() {
	}

	static boolean hasInterpreter() {
		return INTERPRETER.isPresent();
	}

	/**
	 * Looks for an interpreter that really runs: a pyenv shim may only say that it does
	 * not.
	 */
	private static Optional<Path> findInterpreter() {
		String named = System.getenv("PACERELLE_TEST_PYTHON");
		Stream<Path> candidates = (named != null) ? Stream.of(Path.of(named)) : Stream.concat(onThePath(), ofPyenv());
		return candidates.filter(Files::isExecutable).filter(PythonEnvironment::isCPython312).findFirst();
	}

	/**
	 * The command that runs a script of {@code src/test/python}. The first call installs
	 * what {@code requirements.txt} names, unless an earlier build did.
	 * @param script the name of the script
	 * @return the command
	 */
	static synchronized List<String> command(String script) {
		try (FileChannel lock = FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
			lock.lock();
			install();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return List.of(PYTHON.toString(), SCRIPTS.resolve(script).toString());
	}

	private static void install() throws IOException {
		Path interpreter = INTERPRETER.orElseThrow(() -> new IllegalStateException(MISSING));
		String requirements = Files.readString(SCRIPTS.resolve("requirements.txt"));
		String wanted = interpreter + "\n" + requirements;
		Path installed = HOME.resolve("installed.txt");
		if (Files.exists(installed) && Files.readString(installed).equals(wanted)) {
			return;
		}
		run(interpreter.toString(), "-m", "venv", "--clear", HOME.toString());
		run(PYTHON.toString(), "-m", "pip", "install", "--quiet", "--requirement",
				SCRIPTS.resolve("requirements.txt").toString());
		Files.writeString(installed, wanted);
	}

	private static Stream<Path> onThePath() {
		return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
			.filter((directory) -> !directory.isEmpty())
			.map((directory) -> Path.of(directory, "python3.12"));
	}

	private static Stream<Path> ofPyenv() {
		Path versions = Path.of(System.getProperty("user.home"), ".pyenv/versions");
		if (!Files.isDirectory(versions)) {
			return Stream.empty();
		}
		try (Stream<Path> entries = Files.list(versions)) {
			return entries.filter((entry) -> entry.getFileName().toString().startsWith("3.12"))
				.sorted()
				.map((entry) -> entry.resolve("bin/python"))
				.toList()
				.stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static boolean isCPython312(Path candidate) {
		try {
			return run(candidate.toString(), "-c", PROBE).strip().equals("cpython 3 12");
		}
		catch (IOException | IllegalStateException ex) {
			return false;
		}
	}

	private static String run(String... command) throws IOException {
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		try {
			process.getOutputStream().close();
			String output = new String(process.getInputStream().readAllBytes());
			if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
				throw new IllegalStateException("'" + String.join(" ", command) + "' failed:\n" + output);
			}
			return output;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		finally {
			process.destroyForcibly();
		}
	}

}
