package com.pacerelle.client.migration;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;

import com.pacerelle.signal.EcPublicKey;
import tools.jackson.databind.node.ObjectNode;

/**
 * A {@code signal.db} as pacerelle 0.1.0a8 has written it after two messages of alice,
 * whose fields a test may change.
 */
final class SdkStore {

	static final String AGENT_ID = "dev-agent";

	private static final byte[] RECORDED = recorded();

	final ObjectNode fields = (ObjectNode) SdkStoreImport.MAPPER.readTree(RECORDED);

	/**
	 * The native runtime's part of the state.
	 * @return the export
	 */
	byte[] signal() {
		return Base64.getDecoder().decode(this.fields.path("signal_b64").stringValue());
	}

	void setSignal(byte[] signal) {
		this.fields.put("signal_b64", Base64.getEncoder().encodeToString(signal));
	}

	/**
	 * Has a peer be known (signal.md section 15): the number of known identities comes
	 * after magic, version, key pair and registration id.
	 * @param name the peer
	 * @param identity its identity
	 */
	void addIdentity(String name, EcPublicKey identity) {
		ByteBuffer signal = ByteBuffer.wrap(signal()).order(ByteOrder.LITTLE_ENDIAN);
		int position = 12;
		position += 4 + signal.getInt(position) + 4;
		signal.putInt(position, signal.getInt(position) + 1);
		position += 4;
		byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
		byte[] key = identity.encode();
		ByteBuffer entry = ByteBuffer.allocate(12 + nameBytes.length + key.length).order(ByteOrder.LITTLE_ENDIAN);
		entry.putInt(nameBytes.length).put(nameBytes).putInt(1).putInt(key.length).put(key);
		ByteArrayOutputStream changed = new ByteArrayOutputStream();
		changed.write(signal.array(), 0, position);
		changed.writeBytes(entry.array());
		changed.write(signal.array(), position, signal.capacity() - position);
		setSignal(changed.toByteArray());
	}

	ObjectNode object(String field) {
		return (ObjectNode) this.fields.path(field);
	}

	void addContext(String messageId, String from, String conversationId) {
		object("reply_contexts").putObject(messageId)
			.put("from", from)
			.put("conversation_id", conversationId)
			.putNull("device_id");
	}

	/**
	 * Writes the file.
	 * @param directory where
	 * @return the file
	 */
	Path write(Path directory) {
		return write(directory, this.fields.toString().getBytes(StandardCharsets.UTF_8));
	}

	static Path write(Path directory, byte[] state) {
		Path file = directory.resolve("signal.db");
		try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.toUri());
				Statement statement = connection.createStatement()) {
			statement.execute("CREATE TABLE IF NOT EXISTS signal_snapshot (id INTEGER PRIMARY KEY CHECK (id = 1),"
					+ " blob BLOB NOT NULL, updated_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)");
			try (PreparedStatement save = connection
				.prepareStatement("INSERT OR REPLACE INTO signal_snapshot (id, blob) VALUES (1, ?)")) {
				save.setBytes(1, state);
				save.executeUpdate();
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
		return file;
	}

	private static byte[] recorded() {
		try (InputStream state = SdkStore.class.getResourceAsStream("sdk-state.json")) {
			return state.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
