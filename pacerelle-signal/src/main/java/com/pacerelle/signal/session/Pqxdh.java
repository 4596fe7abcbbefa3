package com.pacerelle.signal.session;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.MalformedKeyException;
import com.pacerelle.signal.PreKeyBundle;
import com.pacerelle.signal.crypto.Hkdf;
import com.pacerelle.signal.ratchet.ChainKey;
import com.pacerelle.signal.ratchet.RootKey;
import org.jspecify.annotations.Nullable;

/**
 * The key agreement that starts a session ("The PQXDH Key Agreement Protocol", section 3,
 * signal.org; signal.md section 6): it collects the shared secrets, derives the session's
 * keys with {@code HKDF(FF*32 || DH1 || DH2 || DH3 || DH4
 * || Kyber secret)} (RFC 5869) and erases what it collected. Without a one-time prekey
 * there is no DH4.
 */
final class Pqxdh implements AutoCloseable {

	private static final byte[] INFO = "WhisperText_X25519_SHA-256_CRYSTALS-KYBER-1024"
		.getBytes(StandardCharsets.US_ASCII);

	private static final int SECRET_LENGTH = 32;

	private final byte[] input = new byte[6 * SECRET_LENGTH];

	private final ByteBuffer secrets = ByteBuffer.wrap(this.input);

	private Pqxdh() {
		// The prefix of 32 bytes that no curve point has.
		Arrays.fill(this.input, 0, SECRET_LENGTH, (byte) 0xFF);
		this.secrets.position(SECRET_LENGTH);
	}

	/**
	 * Agrees as the initiator.
	 * @param identity the own identity
	 * @param base the own ephemeral pair
	 * @param bundle the responder's keys
	 * @param kyberSecret what was encapsulated to the responder's Kyber prekey
	 * @return the secrets of the session
	 * @throws MalformedKeyException if a key is of low order
	 */
	static SessionSecrets initiate(EcKeyPair identity, EcKeyPair base, PreKeyBundle bundle, byte[] kyberSecret) {
		try (Pqxdh pqxdh = new Pqxdh()) {
			pqxdh.add(identity.agree(bundle.signedPreKey()));
			pqxdh.add(base.agree(bundle.identityKey()));
			pqxdh.add(base.agree(bundle.signedPreKey()));
			EcPublicKey oneTimePreKey = bundle.oneTimePreKey();
			if (oneTimePreKey != null) {
				pqxdh.add(base.agree(oneTimePreKey));
			}
			return pqxdh.derive(kyberSecret);
		}
	}

	/**
	 * Agrees as the responder.
	 * @param identity the own identity
	 * @param signedPreKey the own signed prekey
	 * @param oneTimePreKey the own one-time prekey, if the initiator used one
	 * @param peerIdentity the initiator's identity
	 * @param baseKey the initiator's ephemeral key
	 * @param kyberSecret what the initiator encapsulated
	 * @return the secrets of the session
	 * @throws MalformedKeyException if a key is of low order
	 */
	static SessionSecrets respond(EcKeyPair identity, EcKeyPair signedPreKey, @Nullable EcKeyPair oneTimePreKey,
			EcPublicKey peerIdentity, EcPublicKey baseKey, byte[] kyberSecret) {
		try (Pqxdh pqxdh = new Pqxdh()) {
			pqxdh.add(signedPreKey.agree(peerIdentity));
			pqxdh.add(identity.agree(baseKey));
			pqxdh.add(signedPreKey.agree(baseKey));
			if (oneTimePreKey != null) {
				pqxdh.add(oneTimePreKey.agree(baseKey));
			}
			return pqxdh.derive(kyberSecret);
		}
	}

	private void add(byte[] secret) {
		this.secrets.put(secret);
		Arrays.fill(secret, (byte) 0);
	}

	private SessionSecrets derive(byte[] kyberSecret) {
		this.secrets.put(kyberSecret);
		byte[] secret = Arrays.copyOf(this.input, this.secrets.position());
		byte[] derived = Hkdf.derive(secret, INFO, 3 * SECRET_LENGTH);
		try {
			return new SessionSecrets(new RootKey(Arrays.copyOfRange(derived, 0, 32)),
					new ChainKey(Arrays.copyOfRange(derived, 32, 64), 0), Arrays.copyOfRange(derived, 64, 96));
		}
		finally {
			Arrays.fill(secret, (byte) 0);
			Arrays.fill(derived, (byte) 0);
		}
	}

	@Override
	public void close() {
		Arrays.fill(this.input, (byte) 0);
	}

	/**
	 * What the parties agreed on.
	 *
	 * @param root the first root
	 * @param chain the responder's first sending chain, that of its signed prekey
	 * @param pqrKey the 32-byte authentication key of SPQR
	 */
	record SessionSecrets(RootKey root, ChainKey chain, byte[] pqrKey) {
	}

}
