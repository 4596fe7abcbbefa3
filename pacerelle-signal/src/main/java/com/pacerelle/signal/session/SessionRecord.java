package com.pacerelle.signal.session;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

import com.pacerelle.signal.DuplicateMessageException;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.InvalidMessageException;
import com.pacerelle.signal.protobuf.ProtobufException;
import com.pacerelle.signal.protobuf.ProtobufReader;
import com.pacerelle.signal.protobuf.ProtobufWriter;
import org.jspecify.annotations.Nullable;

/**
 * All sessions with a peer (signal.md section 11). Archived ones stay encoded until they
 * are needed.
 *
 * @param current the session that messages are sent with
 * @param archived earlier sessions, the newest first, at most 40
 */
record SessionRecord(@Nullable Session current, List<byte[]> archived) {

	static final int MAX_ARCHIVED_SESSIONS = 40;

	static final SessionRecord EMPTY = new SessionRecord(null, List.of());

	private static final int CURRENT = 1;

	private static final int ARCHIVED = 2;

	/**
	 * Reads a stored record (signal.md section 15).
	 * @param encoded what {@link #encode()} returned
	 * @return the record
	 * @throws IllegalStateException if the bytes are not a record
	 */
	static SessionRecord decode(byte[] encoded) {
		Session current = null;
		List<byte[]> archived = new ArrayList<>();
		ProtobufReader reader = new ProtobufReader(encoded);
		try {
			while (reader.next()) {
				switch (reader.field()) {
					case CURRENT -> current = SessionCodec.decode(reader.message());
					case ARCHIVED -> archived.add(reader.bytes());
					default -> reader.skip();
				}
			}
		}
		catch (ProtobufException ex) {
			throw new IllegalStateException("A stored session record is damaged; delete it or restore the store", ex);
		}
		return new SessionRecord(current, archived);
	}

	byte[] encode() {
		ProtobufWriter writer = new ProtobufWriter();
		if (this.current != null) {
			writer.message(CURRENT, SessionCodec.writer(this.current));
		}
		this.archived.forEach((session) -> writer.bytes(ARCHIVED, session));
		return writer.toByteArray();
	}

	SessionRecord withCurrent(Session session) {
		return new SessionRecord(session, this.archived);
	}

	/**
	 * Makes a new session the current one and archives the one before.
	 * @param session the session
	 * @return the record that follows
	 */
	SessionRecord promote(Session session) {
		if (this.current == null) {
			return withCurrent(session);
		}
		List<byte[]> sessions = new ArrayList<>(this.archived.size() + 1);
		sessions.add(SessionCodec.encode(this.current.withoutPending()));
		sessions.addAll(this.archived.subList(0, Math.min(this.archived.size(), MAX_ARCHIVED_SESSIONS - 1)));
		return new SessionRecord(session, sessions);
	}

	/**
	 * Makes an archived session the current one again.
	 * @param position where it is archived
	 * @param session the session as it is now
	 * @return the record that follows
	 */
	SessionRecord promoteArchived(int position, Session session) {
		List<byte[]> others = new ArrayList<>(this.archived);
		others.remove(position);
		return new SessionRecord(this.current, others).promote(session);
	}

	/**
	 * Decrypts a message with whichever session it belongs to, and makes that the current
	 * one (signal.md section 12.4).
	 * @param message the message
	 * @param random draws 32 bytes if the message has a new ratchet key
	 * @return the plaintext and the record that follows
	 * @throws DuplicateMessageException if a session has decrypted the message before
	 * @throws InvalidMessageException if it is not a message of these sessions
	 */
	Opened decrypt(SignalMessage message, SecureRandom random) {
		if (this.current != null) {
			Session.Decrypted decrypted = tryDecrypt(this.current, message, random);
			if (decrypted != null) {
				return new Opened(decrypted, withCurrent(decrypted.next()));
			}
		}
		for (int position = 0; position < this.archived.size(); position++) {
			Session session = SessionCodec.decode(this.archived.get(position));
			Session.Decrypted decrypted = tryDecrypt(session, message, random);
			if (decrypted != null) {
				return new Opened(decrypted, promoteArchived(position, decrypted.next()));
			}
		}
		throw new InvalidMessageException("The message is forged, damaged or for no session with the peer");
	}

	private static Session.@Nullable Decrypted tryDecrypt(Session session, SignalMessage message, SecureRandom random) {
		try {
			return session.decrypt(message, random);
		}
		catch (InvalidMessageException ex) {
			return null;
		}
	}

	/**
	 * Decrypts a message with the session that has its base key, and makes that the
	 * current one (signal.md section 12.3).
	 * @param baseKey the base key
	 * @param message the message
	 * @param random draws 32 bytes if the message has a new ratchet key
	 * @return the plaintext and the record that follows, or {@code null} if no session
	 * has the base key
	 * @throws DuplicateMessageException if the session has decrypted the message before
	 * @throws InvalidMessageException if it is not a message of this session
	 */
	@Nullable Opened decryptMatching(EcPublicKey baseKey, SignalMessage message, SecureRandom random) {
		if (this.current != null && this.current.context().baseKey().equals(baseKey)) {
			Session.Decrypted decrypted = this.current.decrypt(message, random);
			return new Opened(decrypted, withCurrent(decrypted.next()));
		}
		for (int position = 0; position < this.archived.size(); position++) {
			byte[] session = this.archived.get(position);
			if (SessionCodec.hasBaseKey(session, baseKey)) {
				Session.Decrypted decrypted = SessionCodec.decode(session).decrypt(message, random);
				return new Opened(decrypted, promoteArchived(position, decrypted.next()));
			}
		}
		return null;
	}

	/**
	 * A decrypted message.
	 *
	 * @param decrypted the plaintext and the session after it
	 * @param next the record that follows
	 */
	record Opened(Session.Decrypted decrypted, SessionRecord next) {
	}

}
