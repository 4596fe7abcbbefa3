package com.pacerelle.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.pacerelle.signal.CryptoProvider;
import org.conscrypt.Conscrypt;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Compares the libraries in one virtual machine: their runs alternate, so that a machine
 * that is busy for a while slows down both, and the ratio is taken within each round.
 */
public final class SessionComparison {

	private static final List<String> OPERATIONS = List.of("encrypt", "decrypt", "pingPong", "setUp");

	private static final int ROUNDS = 21;

	private SessionComparison() {
	}

	/**
	 * Prints a table.
	 * @param arguments the operations, or none for all of them; before them
	 * {@code conscrypt} for that provider instead of the default
	 * @throws RunnerException if an operation fails
	 */
	public static void main(String... arguments) throws RunnerException {
		List<String> operations = new ArrayList<>(List.of(arguments));
		if (operations.remove("conscrypt")) {
			CryptoProvider.of(Conscrypt.newProvider()).use();
		}
		System.out.println("| operation | Pacerelle, µs | libsignal, µs | ratio of the speeds: min | median | max |");
		System.out.println("|---|---|---|---|---|---|");
		for (String operation : operations.isEmpty() ? OPERATIONS : operations) {
			System.out.println(compare(operation));
		}
	}

	private static String compare(String operation) throws RunnerException {
		measure(operation, 6, 1000);
		List<Double> own = new ArrayList<>();
		List<Double> peer = new ArrayList<>();
		List<Double> ratios = new ArrayList<>();
		for (int round = 0; round < ROUNDS; round++) {
			Map<String, Double> times = measure(operation, 0, 500);
			own.add(times.get(Library.PACERELLE.name()));
			peer.add(times.get(Library.LIBSIGNAL.name()));
			ratios.add(peer.get(round) / own.get(round));
		}
		return Stream
			.of(median(own), median(peer), sorted(ratios).get(0), median(ratios), sorted(ratios).get(ROUNDS - 1))
			.map("%.2f"::formatted)
			.collect(Collectors.joining(" | ", "| " + operation + " | ", " |"));
	}

	/**
	 * Runs an operation with each library.
	 * @return the microseconds that it takes, by library
	 */
	private static Map<String, Double> measure(String operation, int warmups, int milliseconds) throws RunnerException {
		return new Runner(new OptionsBuilder().include(SessionBenchmark.class.getName() + "." + operation + "$")
			.forks(0)
			.shouldFailOnError(true)
			.warmupIterations(warmups)
			.warmupTime(TimeValue.milliseconds(milliseconds))
			.measurementIterations(1)
			.measurementTime(TimeValue.milliseconds(milliseconds))
			.timeUnit(TimeUnit.MICROSECONDS)
			.verbosity(VerboseMode.SILENT)
			.build()).run()
			.stream()
			.collect(Collectors.toMap((result) -> result.getParams().getParam("library"),
					(result) -> result.getPrimaryResult().getScore()));
	}

	private static double median(List<Double> values) {
		return sorted(values).get(values.size() / 2);
	}

	private static List<Double> sorted(List<Double> values) {
		return values.stream().sorted().toList();
	}

}
