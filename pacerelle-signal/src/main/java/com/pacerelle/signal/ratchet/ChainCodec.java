package com.pacerelle.signal.ratchet;

import java.util.Arrays;

import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.protobuf.ProtobufReader;
import com.pacerelle.signal.protobuf.ProtobufWriter;
import com.pacerelle.signal.protobuf.StoredField;
import org.jspecify.annotations.Nullable;

/**
 * Chains in the format of signal.md section 15.
 */
public final class ChainCodec {

	private static final int RATCHET_KEY = 1;

	private static final int RATCHET_PRIVATE_KEY = 2;

	private static final int CHAIN_KEY = 3;

	private static final int CHAIN_KEY_INDEX = 1;

	private static final int CHAIN_KEY_KEY = 2;

	private static final int SKIPPED = 4;

	private static final int SKIPPED_COUNTER = 1;

	private static final int SKIPPED_SEED = 5;

	private ChainCodec() {
	}

	/**
	 * Writes a sending chain.
	 * @param chain the chain
	 * @param writer takes its fields
	 */
	public static void write(SenderChain chain, ProtobufWriter writer) {
		byte[] privateKey = chain.ratchetKey().encodePrivateKey();
		try {
			writer.bytes(RATCHET_KEY, chain.ratchetKey().publicKey().encode()).bytes(RATCHET_PRIVATE_KEY, privateKey);
			ChainKey chainKey = chain.chainKey();
			if (chainKey != null) {
				writer.message(CHAIN_KEY, (nested) -> write(chainKey, nested));
			}
		}
		finally {
			Arrays.fill(privateKey, (byte) 0);
		}
	}

	/**
	 * Writes a receiving chain.
	 * @param chain the chain
	 * @param writer takes its fields
	 */
	public static void write(ReceiverChain chain, ProtobufWriter writer) {
		writer.bytes(RATCHET_KEY, chain.ratchetKey().encode())
			.message(CHAIN_KEY, (nested) -> write(chain.chainKey(), nested));
		SkippedKeys skipped = chain.skipped();
		for (int position = 0; position < skipped.size(); position++) {
			int counter = skipped.counter(position);
			byte[] seed = skipped.seed(position);
			writer.message(SKIPPED,
					(nested) -> nested.uint32UnlessZero(SKIPPED_COUNTER, counter).bytes(SKIPPED_SEED, seed));
			Arrays.fill(seed, (byte) 0);
		}
	}

	private static void write(ChainKey chainKey, ProtobufWriter writer) {
		writer.uint32UnlessZero(CHAIN_KEY_INDEX, chainKey.index()).bytes(CHAIN_KEY_KEY, chainKey.key());
	}

	/**
	 * Reads a sending chain.
	 * @param reader the stored chain
	 * @return the chain
	 * @throws IllegalStateException if a field is absent
	 */
	public static SenderChain readSender(ProtobufReader reader) {
		Chain chain = new Chain(reader);
		byte[] privateKey = StoredField.required(chain.ratchetPrivateKey);
		try {
			return new SenderChain(EcKeyPair.decode(privateKey, StoredField.required(chain.ratchetKey)),
					chain.chainKey);
		}
		finally {
			Arrays.fill(privateKey, (byte) 0);
		}
	}

	/**
	 * Reads a receiving chain.
	 * @param reader the stored chain
	 * @return the chain
	 * @throws IllegalStateException if a field is absent
	 */
	public static ReceiverChain readReceiver(ProtobufReader reader) {
		Chain chain = new Chain(reader);
		return new ReceiverChain(StoredField.required(chain.ratchetKey), StoredField.required(chain.chainKey),
				chain.skipped.build());
	}

	/**
	 * The fields of both kinds of chains.
	 */
	private static final class Chain {

		private @Nullable EcPublicKey ratchetKey;

		private byte @Nullable [] ratchetPrivateKey;

		private @Nullable ChainKey chainKey;

		private final SkippedKeys.Builder skipped = new SkippedKeys.Builder();

		Chain(ProtobufReader reader) {
			while (reader.next()) {
				switch (reader.field()) {
					case RATCHET_KEY -> this.ratchetKey = EcPublicKey.decode(reader.bytes());
					case RATCHET_PRIVATE_KEY -> this.ratchetPrivateKey = reader.bytes();
					case CHAIN_KEY -> this.chainKey = readChainKey(reader.message());
					case SKIPPED -> readSkipped(reader.message());
					default -> reader.skip();
				}
			}
		}

		private static ChainKey readChainKey(ProtobufReader reader) {
			int index = 0;
			byte[] key = null;
			while (reader.next()) {
				switch (reader.field()) {
					case CHAIN_KEY_INDEX -> index = reader.uint32();
					case CHAIN_KEY_KEY -> key = reader.bytes();
					default -> reader.skip();
				}
			}
			return new ChainKey(StoredField.required(key), index);
		}

		private void readSkipped(ProtobufReader reader) {
			int counter = 0;
			byte[] seed = null;
			while (reader.next()) {
				switch (reader.field()) {
					case SKIPPED_COUNTER -> counter = reader.uint32();
					case SKIPPED_SEED -> seed = reader.bytes();
					default -> reader.skip();
				}
			}
			byte[] stored = StoredField.required(seed);
			this.skipped.add(counter, stored);
			Arrays.fill(stored, (byte) 0);
		}

	}

}
