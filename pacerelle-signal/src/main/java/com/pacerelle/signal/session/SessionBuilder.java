package com.pacerelle.signal.session;

import java.security.InvalidKeyException;
import java.security.SecureRandom;
import java.util.Arrays;

import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.InvalidBundleException;
import com.pacerelle.signal.InvalidMessageException;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.MalformedKeyException;
import com.pacerelle.signal.PreKeyBundle;
import com.pacerelle.signal.SignalStore;
import com.pacerelle.signal.SignedPreKey;
import com.pacerelle.signal.UnknownPreKeyException;
import com.pacerelle.signal.crypto.Kyber1024;
import com.pacerelle.signal.ratchet.DoubleRatchet;
import com.pacerelle.signal.spqr.Direction;
import com.pacerelle.signal.spqr.SpqrState;
import org.jspecify.annotations.Nullable;

/**
 * Creates sessions in both roles (signal.md sections 6, 7.3, 12.2, 12.3).
 */
final class SessionBuilder {

	private final SignalStore store;

	private final UnitOfWork work;

	private final SecureRandom random;

	SessionBuilder(SignalStore store, UnitOfWork work, SecureRandom random) {
		this.store = store;
		this.work = work;
		this.random = random;
	}

	/**
	 * Creates the initiator's session. Draws 32 bytes for the base key, 32 for the
	 * encapsulation and 32 for the ratchet key.
	 * @param bundle the responder's bundle
	 * @param now the time in seconds of the epoch
	 * @return the session
	 * @throws InvalidBundleException if a signature is wrong or a key is not usable
	 */
	Session initiate(PreKeyBundle bundle, long now) {
		bundle.requireSigned();
		EcKeyPair identity = this.store.identityKeyPair();
		EcKeyPair base = EcKeyPair.generate(this.random);
		byte[] kyberSecret = new byte[0];
		try {
			Kyber1024.Encapsulation kyber = Kyber1024.encapsulate(bundle.kyberPreKey(), this.random);
			kyberSecret = kyber.secret();
			Pqxdh.SessionSecrets secrets = Pqxdh.initiate(identity, base, bundle, kyberSecret);
			SessionContext context = new SessionContext(identity.publicKey(), bundle.identityKey(),
					this.store.registrationId(), bundle.registrationId(), base.publicKey());
			Integer oneTimePreKeyId = (bundle.oneTimePreKey() != null) ? bundle.oneTimePreKeyId() : null;
			PendingPreKey pending = new PendingPreKey(oneTimePreKeyId, bundle.signedPreKeyId(), bundle.kyberPreKeyId(),
					kyber.ciphertext(), now);
			return new Session(context,
					DoubleRatchet.initiator(secrets.root(), secrets.chain(), bundle.signedPreKey(), this.random),
					spqr(Direction.A2B, secrets), pending);
		}
		catch (InvalidKeyException | MalformedKeyException ex) {
			throw new InvalidBundleException("The bundle has an unusable key", ex);
		}
		finally {
			base.destroy();
			Arrays.fill(kyberSecret, (byte) 0);
		}
	}

	/**
	 * Creates the responder's session.
	 * @param message the initiator's first message
	 * @param kyberPreKeyId the Kyber prekey that it names
	 * @param kyberCiphertext what it has for that prekey
	 * @return the session
	 * @throws UnknownPreKeyException if it names a prekey that is not there
	 * @throws InvalidMessageException if a key of the message is not usable
	 */
	Session respond(PreKeySignalMessage message, int kyberPreKeyId, byte[] kyberCiphertext) {
		SignedPreKey signedPreKey = found(this.store.signedPreKey(message.signedPreKeyId()), "signed");
		KyberPreKey kyberPreKey = found(this.store.kyberPreKey(kyberPreKeyId), "Kyber");
		EcKeyPair oneTimePreKey = null;
		if (message.oneTimePreKeyId() != null) {
			oneTimePreKey = found(this.work.oneTimePreKey(message.oneTimePreKeyId()), "one-time").keyPair();
		}
		if (!Kyber1024.isCiphertext(kyberCiphertext)) {
			throw new InvalidMessageException("The message has no Kyber ciphertext");
		}
		if (!message.baseKey().isCanonical()) {
			throw new InvalidMessageException("The message has a base key that is not canonical");
		}
		EcKeyPair identity = this.store.identityKeyPair();
		byte[] kyberSecret = new byte[0];
		try {
			kyberSecret = Kyber1024.decapsulate(kyberPreKey.secretKey(), kyberCiphertext);
			Pqxdh.SessionSecrets secrets = Pqxdh.respond(identity, signedPreKey.keyPair(), oneTimePreKey,
					message.identityKey(), message.baseKey(), kyberSecret);
			SessionContext context = new SessionContext(identity.publicKey(), message.identityKey(),
					this.store.registrationId(), message.registrationId(), message.baseKey());
			return new Session(context,
					DoubleRatchet.responder(secrets.root(), secrets.chain(), signedPreKey.keyPair()),
					spqr(Direction.B2A, secrets), null);
		}
		catch (InvalidKeyException | MalformedKeyException ex) {
			throw new InvalidMessageException("The message has an unusable key", ex);
		}
		finally {
			Arrays.fill(kyberSecret, (byte) 0);
		}
	}

	private static SpqrState spqr(Direction direction, Pqxdh.SessionSecrets secrets) {
		try {
			return SpqrState.initial(direction, secrets.pqrKey());
		}
		finally {
			Arrays.fill(secrets.pqrKey(), (byte) 0);
		}
	}

	private static <T> T found(@Nullable T preKey, String kind) {
		if (preKey == null) {
			throw new UnknownPreKeyException("The message is for a " + kind
					+ " prekey that is not here or was used; the sender needs a new bundle");
		}
		return preKey;
	}

}
