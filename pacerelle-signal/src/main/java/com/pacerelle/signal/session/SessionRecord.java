package com.pacerelle.signal.session;

import java.util.ArrayList;
import java.util.List;

import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.StoreChange;
import com.pacerelle.signal.protobuf.ProtobufException;
import com.pacerelle.signal.protobuf.ProtobufReader;
import com.pacerelle.signal.protobuf.ProtobufWriter;
import org.jspecify.annotations.Nullable;

/**
 * All sessions with a peer in one record, which is how the native runtime stores them,
 * and how this library did before its stores had a row for each (signal.md section 15).
 */
public final class SessionRecord {

	private static final int CURRENT = 1;

	private static final int ARCHIVED = 2;

	private final @Nullable Session current;

	/** Encoded, the newest first. */
	private final List<byte[]> archived;

	SessionRecord(@Nullable Session current, List<byte[]> archived) {
		this.current = current;
		this.archived = List.copyOf(archived);
	}

	/**
	 * Reads a stored record.
	 * @param encoded what {@link #encode()} returned
	 * @return the record
	 * @throws IllegalStateException if the bytes are not a record
	 */
	public static SessionRecord decode(byte[] encoded) {
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

	/**
	 * Writes the record.
	 * @return the encoded record, which holds secrets
	 */
	public byte[] encode() {
		ProtobufWriter writer = new ProtobufWriter();
		if (this.current != null) {
			writer.message(CURRENT, SessionCodec.writer(this.current));
		}
		this.archived.forEach((session) -> writer.bytes(ARCHIVED, session));
		return writer.toByteArray();
	}

	/**
	 * What brings the sessions into a store that has none with the peer yet.
	 * @param peer the peer
	 * @return the changes in their order
	 * @throws IllegalStateException if an archived session is damaged
	 */
	public List<StoreChange> changes(ProtocolAddress peer) {
		List<StoreChange> changes = new ArrayList<>();
		for (int position = this.archived.size() - 1; position >= 0; position--) {
			changes.add(SessionCodec.archived(peer, SessionCodec.decode(this.archived.get(position))));
		}
		if (this.current != null) {
			changes.add(new StoreChange.SessionUpdated(peer, 0, SessionCodec.encode(this.current)));
		}
		return changes;
	}

	@Nullable Session current() {
		return this.current;
	}

	List<byte[]> archived() {
		return this.archived;
	}

	@Override
	public String toString() {
		return "SessionRecord[archived=" + this.archived.size() + "]";
	}

}
