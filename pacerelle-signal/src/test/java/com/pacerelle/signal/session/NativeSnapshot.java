package com.pacerelle.signal.session;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.InMemorySignalStore;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.OneTimePreKey;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignedPreKey;
import com.pacerelle.signal.StoreChange;
import com.pacerelle.signal.protobuf.ProtobufReader;

/**
 * An export of the native store (signal.md section 15).
 */
final class NativeSnapshot {

	final InMemorySignalStore store;

	final Set<Integer> oneTimePreKeys = new TreeSet<>();

	final Set<Integer> signedPreKeys = new TreeSet<>();

	final Set<Integer> kyberPreKeys = new TreeSet<>();

	final Map<ProtocolAddress, EcPublicKey> identities = new LinkedHashMap<>();

	final Set<StoreChange.BaseKeySeen> baseKeys = new LinkedHashSet<>();

	final Map<ProtocolAddress, byte[]> sessions = new LinkedHashMap<>();

	private final ByteBuffer input;

	NativeSnapshot(byte[] export) {
		this.input = ByteBuffer.wrap(export).order(ByteOrder.LITTLE_ENDIAN);
		if (!new String(blob(), StandardCharsets.US_ASCII).equals("AGSP") || this.input.getInt() != 1) {
			throw new IllegalArgumentException("Not a snapshot of version 1");
		}
		EcKeyPair identity = EcKeyPair.decode(fields(blob()).get(2));
		this.store = new InMemorySignalStore(identity, this.input.getInt());
		repeat(() -> this.identities.put(address(), EcPublicKey.decode(blob())));
		repeat(this::readOneTimePreKey);
		repeat(this::readSignedPreKey);
		repeat(this::readKyberPreKey);
		repeat(this::readBaseKeys);
		repeat(() -> this.sessions.put(address(), blob()));
		this.store.commit(changes());
	}

	private List<StoreChange> changes() {
		List<StoreChange> changes = new ArrayList<>(this.baseKeys);
		this.identities.forEach((peer, identity) -> changes.add(new StoreChange.IdentitySeen(peer, identity)));
		this.sessions.forEach((peer, record) -> changes.addAll(SessionRecord.decode(record).changes(peer)));
		return changes;
	}

	private void readOneTimePreKey() {
		int id = this.input.getInt();
		this.oneTimePreKeys.add(id);
		this.store.add(new OneTimePreKey(id, EcKeyPair.decode(fields(blob()).get(3))));
	}

	private void readSignedPreKey() {
		int id = this.input.getInt();
		Map<Integer, byte[]> fields = fields(blob());
		this.signedPreKeys.add(id);
		this.store.add(new SignedPreKey(id, EcKeyPair.decode(fields.get(3)), fields.get(4)));
	}

	private void readKyberPreKey() {
		int id = this.input.getInt();
		Map<Integer, byte[]> fields = fields(blob());
		this.kyberPreKeys.add(id);
		this.store.add(new KyberPreKey(id, fields.get(2), fields.get(3), fields.get(4)));
	}

	private void readBaseKeys() {
		int kyberPreKeyId = this.input.getInt();
		int signedPreKeyId = this.input.getInt();
		repeat(() -> this.baseKeys
			.add(new StoreChange.BaseKeySeen(kyberPreKeyId, signedPreKeyId, EcPublicKey.decode(blob()))));
	}

	private ProtocolAddress address() {
		return new ProtocolAddress(new String(blob(), StandardCharsets.UTF_8), this.input.getInt());
	}

	private byte[] blob() {
		byte[] blob = new byte[this.input.getInt()];
		this.input.get(blob);
		return blob;
	}

	private void repeat(Runnable read) {
		int count = this.input.getInt();
		for (int i = 0; i < count; i++) {
			read.run();
		}
	}

	private static Map<Integer, byte[]> fields(byte[] record) {
		Map<Integer, byte[]> fields = new LinkedHashMap<>();
		ProtobufReader reader = new ProtobufReader(record);
		while (reader.next()) {
			switch (reader.field()) {
				case 2, 3, 4 -> fields.put(reader.field(), reader.bytes());
				default -> reader.skip();
			}
		}
		return fields;
	}

}
