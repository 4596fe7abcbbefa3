package com.pacerelle.signal.session;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.MalformedKeyException;
import com.pacerelle.signal.OneTimePreKey;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignedPreKey;
import com.pacerelle.signal.StoreChange;
import com.pacerelle.signal.crypto.Kyber1024;
import com.pacerelle.signal.protobuf.ProtobufException;
import com.pacerelle.signal.protobuf.ProtobufReader;
import com.pacerelle.signal.protobuf.StoredField;
import org.jspecify.annotations.Nullable;

/**
 * The store of the native runtime, as it exports it (signal.md section 15), to go on with
 * its sessions.
 *
 * @param identityKeyPair the own identity key pair
 * @param registrationId the own registration id
 * @param identities the identity keys that peers are known by
 * @param oneTimePreKeys the one-time prekeys that are not used
 * @param signedPreKeys the signed prekeys
 * @param kyberPreKeys the Kyber prekeys
 * @param baseKeys the base keys that sessions were created with
 * @param sessions the encoded {@link SessionRecord} of each peer, which holds secrets
 */
public record NativeSnapshot(EcKeyPair identityKeyPair, int registrationId,
		Map<ProtocolAddress, EcPublicKey> identities, List<OneTimePreKey> oneTimePreKeys,
		List<SignedPreKey> signedPreKeys, List<KyberPreKey> kyberPreKeys, List<StoreChange.BaseKeySeen> baseKeys,
		Map<ProtocolAddress, byte[]> sessions) {

	/**
	 * Reads an export.
	 * @param export what the native runtime has exported
	 * @return the store
	 * @throws IllegalStateException if the bytes are not an export of version 1, or are
	 * damaged
	 */
	public static NativeSnapshot decode(byte[] export) {
		try {
			return new Reader(export).read();
		}
		catch (BufferUnderflowException | ProtobufException | MalformedKeyException ex) {
			throw new IllegalStateException("An export of the native runtime is damaged", ex);
		}
	}

	/**
	 * What brings the session with a peer into a store that has none with it.
	 * @param peer the peer, as the native runtime calls it
	 * @param address the peer, as that store calls it
	 * @return the changes in their order, none if there is no session
	 * @throws IllegalStateException if the session is damaged, or is not of this identity
	 */
	public List<StoreChange> sessionChanges(ProtocolAddress peer, ProtocolAddress address) {
		byte[] encoded = this.sessions.get(peer);
		if (encoded == null) {
			return List.of();
		}
		SessionRecord record = SessionRecord.decode(encoded);
		Session current = record.current();
		if (current != null && !current.context().localIdentity().equals(this.identityKeyPair.publicKey())) {
			throw new IllegalStateException("A session of the native runtime has another identity than its store");
		}
		return record.changes(address);
	}

	@Override
	public String toString() {
		return "NativeSnapshot[sessions=" + this.sessions.size() + "]";
	}

	/**
	 * Reads the parts in their order.
	 */
	private static final class Reader {

		private static final byte[] MAGIC = "AGSP".getBytes(StandardCharsets.US_ASCII);

		private static final int VERSION = 1;

		private final ByteBuffer input;

		Reader(byte[] export) {
			this.input = ByteBuffer.wrap(export).order(ByteOrder.LITTLE_ENDIAN);
		}

		NativeSnapshot read() {
			if (!Arrays.equals(blob(), MAGIC) || this.input.getInt() != VERSION) {
				throw new IllegalStateException("This is not an export of the native runtime in version " + VERSION);
			}
			EcKeyPair identityKeyPair = identityKeyPair(new ProtobufReader(blob()));
			int registrationId = this.input.getInt();
			Map<ProtocolAddress, EcPublicKey> identities = new LinkedHashMap<>();
			repeat(() -> identities.put(address(), EcPublicKey.decode(blob())));
			List<OneTimePreKey> oneTimePreKeys = new ArrayList<>();
			repeat(() -> oneTimePreKeys.add(new OneTimePreKey(this.input.getInt(), preKey().keyPair())));
			List<SignedPreKey> signedPreKeys = new ArrayList<>();
			repeat(() -> signedPreKeys.add(signedPreKey(this.input.getInt(), preKey())));
			List<KyberPreKey> kyberPreKeys = new ArrayList<>();
			repeat(() -> kyberPreKeys.add(kyberPreKey(this.input.getInt(), preKey())));
			List<StoreChange.BaseKeySeen> baseKeys = new ArrayList<>();
			repeat(() -> {
				int kyberPreKeyId = this.input.getInt();
				int signedPreKeyId = this.input.getInt();
				repeat(() -> baseKeys
					.add(new StoreChange.BaseKeySeen(kyberPreKeyId, signedPreKeyId, EcPublicKey.decode(blob()))));
			});
			Map<ProtocolAddress, byte[]> sessions = new LinkedHashMap<>();
			repeat(() -> sessions.put(address(), blob()));
			return new NativeSnapshot(identityKeyPair, registrationId, identities, oneTimePreKeys, signedPreKeys,
					kyberPreKeys, baseKeys, sessions);
		}

		private static EcKeyPair identityKeyPair(ProtobufReader reader) {
			EcPublicKey publicKey = null;
			byte[] privateKey = null;
			while (reader.next()) {
				switch (reader.field()) {
					case 1 -> publicKey = EcPublicKey.decode(reader.bytes());
					case 2 -> privateKey = reader.bytes();
					default -> reader.skip();
				}
			}
			EcKeyPair keyPair = EcKeyPair.decode(StoredField.required(privateKey));
			if (!keyPair.publicKey().equals(StoredField.required(publicKey))) {
				throw new IllegalStateException("The halves of the identity key pair do not belong together");
			}
			return keyPair;
		}

		private PreKey preKey() {
			ProtobufReader reader = new ProtobufReader(blob());
			byte[] publicKey = null;
			byte[] privateKey = null;
			byte[] signature = null;
			while (reader.next()) {
				switch (reader.field()) {
					case 2 -> publicKey = reader.bytes();
					case 3 -> privateKey = reader.bytes();
					case 4 -> signature = reader.bytes();
					default -> reader.skip();
				}
			}
			return new PreKey(StoredField.required(publicKey), StoredField.required(privateKey), signature);
		}

		private static SignedPreKey signedPreKey(int id, PreKey preKey) {
			return new SignedPreKey(id, preKey.keyPair(), StoredField.required(preKey.signature()));
		}

		private static KyberPreKey kyberPreKey(int id, PreKey preKey) {
			if (!Kyber1024.isPublicKey(preKey.publicKey()) || !Kyber1024.isSecretKey(preKey.privateKey())) {
				throw new IllegalStateException("A Kyber prekey has a wrong type or length");
			}
			return new KyberPreKey(id, preKey.publicKey(), preKey.privateKey(),
					StoredField.required(preKey.signature()));
		}

		private ProtocolAddress address() {
			return new ProtocolAddress(new String(blob(), StandardCharsets.UTF_8), this.input.getInt());
		}

		private byte[] blob() {
			int length = this.input.getInt();
			if (length < 0 || length > this.input.remaining()) {
				throw new BufferUnderflowException();
			}
			byte[] blob = new byte[length];
			this.input.get(blob);
			return blob;
		}

		/** Each part takes some bytes, so that a wrong number ends with them. */
		private void repeat(Runnable read) {
			int count = this.input.getInt();
			if (count < 0) {
				throw new BufferUnderflowException();
			}
			for (int i = 0; i < count; i++) {
				read.run();
			}
		}

		private record PreKey(byte[] publicKey, byte[] privateKey, byte @Nullable [] signature) {

			EcKeyPair keyPair() {
				return EcKeyPair.decode(this.privateKey);
			}

		}

	}

}
