package com.pacerelle.client.store.jdbc;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;

import com.pacerelle.client.store.Receipt;
import com.pacerelle.client.store.ReplyContext;
import org.jspecify.annotations.Nullable;

/**
 * What is left of accepted messages, in narrow rows: a part of a digest in place of the
 * id and of the digest, the time, and a reference to where a reply goes.
 */
final class Receipts {

	/** Enough that no two messages share it. */
	private static final int MESSAGE_SIZE = 12;

	/** Enough to tell that it is not the same message that comes again. */
	private static final int DIGEST_SIZE = 8;

	private final Statements statements;

	Receipts(Statements statements) {
		this.statements = statements;
	}

	@Nullable Receipt read(String messageId) throws SQLException {
		return this.statements.first(Sql.READ_ACCEPTED_MESSAGE, (row) -> new Receipt(messageId, row.getBytes(1),
				Receipt.State.ACCEPTED, null, Instant.ofEpochMilli(row.getLong(2))), key(messageId));
	}

	@Nullable ReplyContext replyContext(String messageId) throws SQLException {
		return this.statements.first(Sql.READ_ACCEPTED_REPLY_CONTEXT, (row) -> {
			String device = row.getString(3);
			return new ReplyContext(row.getString(1), row.getString(2), device.isEmpty() ? null : device);
		}, key(messageId));
	}

	/**
	 * Adds an accepted message.
	 * @param messageId the message
	 * @param digest its digest
	 * @param context where a reply goes
	 * @param acceptedAt when
	 * @throws SQLException if the database cannot be written
	 */
	void add(String messageId, byte[] digest, ReplyContext context, Instant acceptedAt) throws SQLException {
		this.statements.update(Sql.ACCEPT_MESSAGE, key(messageId), Arrays.copyOf(digest, DIGEST_SIZE),
				acceptedAt.toEpochMilli(), id(context));
	}

	private Long id(ReplyContext context) throws SQLException {
		Object[] key = { context.userId(), context.conversationId(), ChangeWriter.orEmpty(context.deviceId()) };
		Long known = this.statements.first(Sql.FIND_REPLY_CONTEXT, (row) -> row.getLong(1), key);
		return (known != null) ? known
				: Objects.requireNonNull(this.statements.first(Sql.CREATE_REPLY_CONTEXT, (row) -> row.getLong(1), key));
	}

	private static byte[] key(String messageId) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(messageId.getBytes(StandardCharsets.UTF_8));
			return Arrays.copyOf(digest, MESSAGE_SIZE);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Moves the accepted messages of an older version.
	 * @param connection a connection with a transaction of the caller
	 * @throws SQLException if the database refuses
	 */
	static void migrate(Connection connection) throws SQLException {
		Receipts receipts = new Receipts(Statements.ofSqlite(connection));
		try (Statement statement = connection.createStatement()) {
			try (ResultSet row = statement
				.executeQuery("SELECT id, digest, user_id, conversation_id, device_id, settled_at FROM messages"
						+ " WHERE state = 'ACCEPTED' AND user_id IS NOT NULL AND conversation_id IS NOT NULL"
						+ " ORDER BY settled_at")) {
				while (row.next()) {
					receipts.add(row.getString(1), row.getBytes(2),
							new ReplyContext(row.getString(3), row.getString(4), row.getString(5)),
							Instant.ofEpochMilli(row.getLong(6)));
				}
			}
			statement.executeUpdate("DELETE FROM messages WHERE state = 'ACCEPTED'");
		}
	}

}
