package com.pacerelle.benchmarks;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

import com.pacerelle.signal.crypto.SigningSecrets;
import com.pacerelle.signal.spqr.EncapsulationSecrets;

/**
 * Looks for secrets that show in the time an operation takes, by the method of dudect
 * ("Dude, is my code constant time?", Reparaz, Balasch, Verbauwhede, 2017): an operation
 * runs with a secret that is always the same and with random ones, in random order, and
 * Welch's t-test tells whether both take the same time on average. The slowest
 * measurements are cut off at several limits, since what interrupts a process would hide
 * the rest. Above 10 there is a leak, up to 4.5 none was found.
 * <p>
 * The first row is a leak on purpose: as long as it is found, the others mean something.
 */
public final class TimingLeaks {

	private static final int WARM_UP = 20_000;

	private static final int BATCH = 1000;

	private static final double[] LIMITS = { 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1 };

	private final int measurements;

	private TimingLeaks(int measurements) {
		this.measurements = measurements;
	}

	/**
	 * Prints a table.
	 * @param arguments how many times each operation is measured, or none for 200,000
	 */
	public static void main(String... arguments) {
		TimingLeaks leaks = new TimingLeaks((arguments.length > 0) ? Integer.parseInt(arguments[0]) : 200_000);
		System.out.println("| operation | measurements | greatest abs(t) | |");
		System.out.println("|---|---|---|---|");
		operations().forEach((name, operation) -> {
			double t = leaks.measure(operation);
			System.out.printf("| %s | %,d | %.1f | %s |%n", name, leaks.measurements, t, verdict(t));
		});
	}

	private static Map<String, Operation> operations() {
		Map<String, Operation> operations = new LinkedHashMap<>();
		operations.put("control: comparison that ends at the first difference",
				new Operation(32, new byte[32], new EarlyExit(), 50));
		operations.put("XEdDSA signature, private key",
				new Operation(32, clamped(new byte[32]), (secret) -> SigningSecrets.sign(clamped(secret)), 1));
		operations.put("reduction of a scalar", new Operation(64, new byte[64], SigningSecrets::reduce, 5));
		operations.put("ML-KEM-768, first part of an encapsulation",
				new Operation(32, new byte[32], EncapsulationSecrets.firstPart(), 1));
		operations.put("ML-KEM-768, second part of an encapsulation",
				new Operation(32, new byte[32], EncapsulationSecrets.secondPart(), 1));
		operations.put("ML-KEM-768, decapsulation of right and of wrong ciphertexts",
				new Operation(1088, EncapsulationSecrets.ciphertext(), EncapsulationSecrets.decapsulation(), 1));
		return operations;
	}

	private static byte[] clamped(byte[] key) {
		byte[] clamped = key.clone();
		clamped[0] &= (byte) 0xF8;
		clamped[31] = (byte) (clamped[31] & 0x7F | 0x40);
		return clamped;
	}

	private static String verdict(double t) {
		if (t > 10) {
			return "leak";
		}
		return (t > 4.5) ? "suspicious" : "none found";
	}

	private double measure(Operation operation) {
		Random random = new SecureRandom();
		double[] times = new double[this.measurements];
		boolean[] fixed = new boolean[this.measurements];
		byte[][] inputs = new byte[BATCH][];
		for (int i = -WARM_UP; i < this.measurements; i++) {
			int place = Math.floorMod(i, BATCH);
			if (place == 0 || i == -WARM_UP) {
				for (int j = 0; j < BATCH; j++) {
					inputs[j] = operation.input(random);
				}
			}
			byte[] input = inputs[place];
			boolean isFixed = Arrays.equals(input, operation.fixed());
			long start = System.nanoTime();
			for (int repetition = 0; repetition < operation.repetitions(); repetition++) {
				operation.code().accept(input);
			}
			long time = System.nanoTime() - start;
			if (i >= 0) {
				times[i] = time;
				fixed[i] = isFixed;
			}
		}
		double[] sorted = times.clone();
		Arrays.sort(sorted);
		return Arrays.stream(LIMITS)
			.map((limit) -> Math.abs(welch(times, fixed, sorted[(int) (limit * (sorted.length - 1))])))
			.max()
			.orElseThrow();
	}

	private static double welch(double[] times, boolean[] fixed, double limit) {
		double[] count = new double[2];
		double[] mean = new double[2];
		double[] squares = new double[2];
		for (int i = 0; i < times.length; i++) {
			if (times[i] <= limit) {
				int group = fixed[i] ? 0 : 1;
				count[group]++;
				double delta = times[i] - mean[group];
				mean[group] += delta / count[group];
				squares[group] += delta * (times[i] - mean[group]);
			}
		}
		double variance = squares[0] / (count[0] - 1) / count[0] + squares[1] / (count[1] - 1) / count[1];
		return (mean[0] - mean[1]) / Math.sqrt(variance);
	}

	/**
	 * What is measured.
	 *
	 * @param size the size of a secret, in bytes
	 * @param fixed the secret that is always the same
	 * @param code works with a secret
	 * @param repetitions how often it does so in a measurement, so that the clock tells
	 */
	private record Operation(int size, byte[] fixed, Consumer<byte[]> code, int repetitions) {

		/** Both kinds are made in the same way, as copies. */
		byte[] input(Random random) {
			byte[] drawn = new byte[this.size];
			random.nextBytes(drawn);
			return random.nextBoolean() ? this.fixed.clone() : drawn.clone();
		}

	}

	private static final class EarlyExit implements Consumer<byte[]> {

		private final byte[] expected = new byte[32];

		private volatile int differences;

		@Override
		public void accept(byte[] secret) {
			for (int i = 0; i < secret.length; i++) {
				if (secret[i] != this.expected[i]) {
					this.differences = i;
					return;
				}
			}
		}

	}

}
