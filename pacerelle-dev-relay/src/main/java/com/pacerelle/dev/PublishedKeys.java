package com.pacerelle.dev;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.Set;

import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.MalformedKeyException;
import com.pacerelle.signal.PreKeyBundle;
import org.jspecify.annotations.Nullable;

/**
 * The public keys that the agent offers to initiators (gateway.md section 2.1).
 */
final class PublishedKeys {

	private static final int MAX_ONE_TIME_PRE_KEYS = 100_000;

	private record OneTimeKey(int id, EcPublicKey key) {
	}

	private final Queue<OneTimeKey> oneTimeKeys = new ArrayDeque<>();

	private final Set<Integer> usedIds = new HashSet<>();

	private @Nullable PreKeyBundle bundle;

	synchronized void putBundle(byte[] json) {
		StrictObject object = StrictObject.parse("The bundle", json);
		// The native runtime of the SDK draws any 14 bits.
		PreKeyBundle published = new PreKeyBundle(object.integer("registration_id", 0, 0x3FFF),
				object.integer("device_id", 1, 1), publicKey(object, "identity_key"),
				object.integer("signed_prekey_id", 1, Integer.MAX_VALUE), publicKey(object, "signed_prekey_public"),
				object.base64("signed_prekey_signature", 64), object.integer("kyber_prekey_id", 1, Integer.MAX_VALUE),
				object.base64("kyber_prekey_public", 1569), object.base64("kyber_prekey_signature", 64), null, null);
		object.strings("protocol_features");
		object.end();
		if (this.bundle != null && !this.bundle.identityKey().equals(published.identityKey())) {
			this.oneTimeKeys.clear();
			this.usedIds.clear();
		}
		this.bundle = published;
	}

	synchronized void addOneTimeKeys(byte[] json) {
		if (this.bundle == null) {
			throw new ProtocolViolationException("One-time prekeys came before a bundle");
		}
		StrictObject object = StrictObject.parse("The one-time prekeys", json);
		List<OneTimeKey> keys = object.objects("one_time_prekeys").stream().map(PublishedKeys::oneTimeKey).toList();
		object.end();
		if (this.usedIds.size() + keys.size() > MAX_ONE_TIME_PRE_KEYS) {
			throw new ProtocolViolationException("There are more than " + MAX_ONE_TIME_PRE_KEYS + " one-time prekeys");
		}
		for (OneTimeKey key : keys) {
			if (!this.usedIds.add(key.id())) {
				throw new ProtocolViolationException("One-time prekey " + key.id() + " was published before");
			}
			this.oneTimeKeys.add(key);
		}
	}

	synchronized @Nullable EcPublicKey identity() {
		return (this.bundle != null) ? this.bundle.identityKey() : null;
	}

	/** The identity's SHA-256 in hex, in groups of four (gateway.md section 2.2). */
	synchronized @Nullable String verificationCode() {
		if (this.bundle == null) {
			return null;
		}
		byte[] digest = Sha256.digest(this.bundle.identityKey().encode());
		return HexFormat.of().withUpperCase().formatHex(digest).replaceAll("(.{4})(?=.)", "$1 ");
	}

	/** The bundle with a one-time prekey of its own, as long as there are any. */
	synchronized @Nullable PreKeyBundle take() {
		OneTimeKey key = this.oneTimeKeys.poll();
		if (this.bundle == null || key == null) {
			return this.bundle;
		}
		return new PreKeyBundle(this.bundle.registrationId(), this.bundle.deviceId(), this.bundle.identityKey(),
				this.bundle.signedPreKeyId(), this.bundle.signedPreKey(), this.bundle.signedPreKeySignature(),
				this.bundle.kyberPreKeyId(), this.bundle.kyberPreKey(), this.bundle.kyberPreKeySignature(), key.id(),
				key.key());
	}

	private static OneTimeKey oneTimeKey(StrictObject object) {
		OneTimeKey key = new OneTimeKey(object.integer("prekey_id", 1, Integer.MAX_VALUE),
				publicKey(object, "public_key"));
		object.end();
		return key;
	}

	private static EcPublicKey publicKey(StrictObject object, String field) {
		try {
			return EcPublicKey.decode(object.base64(field, 33));
		}
		catch (MalformedKeyException ex) {
			throw new ProtocolViolationException("Field '" + field + "' is not a public key");
		}
	}

}
