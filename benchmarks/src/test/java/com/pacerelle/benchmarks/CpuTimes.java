package com.pacerelle.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import com.pacerelle.signal.CryptoProvider;
import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.crypto.Hkdf;
import com.pacerelle.signal.crypto.Hmac;
import com.pacerelle.signal.crypto.Primitives;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.conscrypt.Conscrypt;

/**
 * Prints what primitives, by provider, and operations of sessions take of the thread's
 * CPU time, which a busy machine changes less than the elapsed time. Everything takes
 * turns; the figures are medians, in microseconds.
 */
public final class CpuTimes {

	private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();

	private static final int WARMUPS = 5;

	private static final int TURNS = 11;

	private static final int LENGTH = 64;

	private final Map<String, List<Double>> times = new LinkedHashMap<>();

	private final byte[] key = new byte[32];

	private final byte[] plaintext = new byte[LENGTH];

	private final EcKeyPair pair = EcKeyPair.generate(new SecureRandom());

	private final EcPublicKey theirs = EcKeyPair.generate(new SecureRandom()).publicKey();

	private CpuTimes() {
	}

	/**
	 * Prints the times, in about three minutes.
	 * @param arguments none
	 * @throws Exception if an operation fails
	 */
	public static void main(String... arguments) throws Exception {
		Map<String, CryptoProvider> providers = new LinkedHashMap<>();
		providers.put("default", CryptoProvider.standard());
		providers.put("SunEC", CryptoProvider.of(Security.getProvider("SunEC")));
		providers.put("SunJCE", CryptoProvider.of(Security.getProvider("SunJCE")));
		providers.put("BouncyCastle", CryptoProvider.of(new BouncyCastleProvider()));
		providers.put("Conscrypt", CryptoProvider.of(Conscrypt.newProvider()));
		providers.put("Conscrypt's X25519", CryptoProvider.of(new X25519Only(Conscrypt.newProvider())));
		CpuTimes times = new CpuTimes();
		times.measurePrimitives(providers);
		times.measurePingPongs(providers);
		CryptoProvider.standard().use();
		times.measureOperations();
	}

	private void measurePrimitives(Map<String, CryptoProvider> providers) throws Exception {
		for (int turn = -WARMUPS; turn < TURNS; turn++) {
			for (Map.Entry<String, CryptoProvider> provider : providers.entrySet()) {
				provider.getValue().use();
				SecureRandom random = CryptoProvider.secureRandom();
				String by = ", " + provider.getKey();
				measure(turn, "agreement" + by, 150, () -> this.pair.agree(this.theirs));
				measure(turn, "public key" + by, 150, () -> EcKeyPair.decode(this.key).publicKey());
				measure(turn, "HMAC" + by, 6000, () -> Hmac.sha256(this.key, new byte[] { 1 }));
				measure(turn, "HKDF" + by, 2000, () -> Hkdf.derive(this.key, this.key, new byte[] { 1 }, 80));
				measure(turn, "AES" + by, 4000, this::encrypt);
				measure(turn, "random" + by, 4000, () -> random(random));
			}
		}
		print();
	}

	private static byte[] random(SecureRandom random) {
		byte[] bytes = new byte[32];
		random.nextBytes(bytes);
		return bytes;
	}

	private byte[] encrypt() throws Exception {
		Cipher cipher = Primitives.current().aesCbc();
		cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(this.key, "AES"), new IvParameterSpec(this.key, 0, 16));
		return cipher.doFinal(this.plaintext);
	}

	private void measurePingPongs(Map<String, CryptoProvider> providers) throws Exception {
		Map<String, Conversation<?>> conversations = new LinkedHashMap<>();
		providers.keySet().forEach((name) -> conversations.put(name, started(Library.PACERELLE)));
		Conversation<?> libsignal = started(Library.LIBSIGNAL);
		for (int turn = -WARMUPS; turn < TURNS; turn++) {
			for (Map.Entry<String, CryptoProvider> provider : providers.entrySet()) {
				provider.getValue().use();
				Conversation<?> conversation = conversations.get(provider.getKey());
				measure(turn, "ping-pong, " + provider.getKey(), 150, () -> pingPong(conversation));
			}
			measure(turn, "ping-pong, libsignal", 150, () -> pingPong(libsignal));
		}
		print();
	}

	private void measureOperations() throws Exception {
		Map<Library, Conversation<?>> conversations = new LinkedHashMap<>();
		for (Library library : Library.values()) {
			conversations.put(library, started(library));
		}
		for (int turn = -WARMUPS; turn < TURNS; turn++) {
			for (Library library : Library.values()) {
				Conversation<?> conversation = conversations.get(library);
				List<byte[]> frames = new ArrayList<>();
				measure(turn, "encrypt, " + library, 100,
						() -> frames.add(conversation.initiator().encrypt(this.plaintext)));
				measure(turn, "decrypt, " + library, 100, () -> conversation.responder().decrypt(frames.remove(0)));
				List<Conversation.SetUp> setUps = new ArrayList<>();
				for (int i = 0; i < 20; i++) {
					setUps.add(library.conversation().prepareSetUp());
				}
				measure(turn, "set-up, " + library, 20, () -> setUps.remove(0).complete(this.plaintext));
			}
		}
		print();
	}

	private Conversation<?> started(Library library) {
		Conversation<?> conversation = library.conversation();
		conversation.start(20, this.plaintext);
		return conversation;
	}

	private Object pingPong(Conversation<?> conversation) {
		conversation.alternate(1, this.plaintext);
		return conversation;
	}

	private void measure(int turn, String what, int times, Operation operation) throws Exception {
		long start = THREAD.getCurrentThreadCpuTime();
		int used = 0;
		for (int i = 0; i < times; i++) {
			used += System.identityHashCode(operation.run());
		}
		double microseconds = (THREAD.getCurrentThreadCpuTime() - start) / 1000.0 / times;
		if (turn >= 0 || used == 1) {
			this.times.computeIfAbsent(what, (name) -> new ArrayList<>()).add(microseconds);
		}
	}

	private void print() {
		this.times.forEach((what, measured) -> System.out.printf("%-32s %8.2f%n", what,
				measured.stream().sorted().toList().get(measured.size() / 2)));
		this.times.clear();
	}

	private interface Operation {

		Object run() throws Exception;

	}

	/**
	 * Has of another provider what X25519 needs.
	 */
	private static final class X25519Only extends Provider {

		private static final long serialVersionUID = 1L;

		X25519Only(Provider whole) {
			super(whole.getName() + "-X25519", whole.getVersionStr(), "X25519 only");
			for (String type : List.of("KeyAgreement", "KeyFactory")) {
				Service service = whole.getService(type, "XDH");
				putService(new Service(this, type, "XDH", service.getClassName(), null, null) {

					@Override
					public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
						return service.newInstance(parameter);
					}

					@Override
					public boolean supportsParameter(Object parameter) {
						return true;
					}

				});
			}
		}

	}

}
