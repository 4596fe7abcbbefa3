package com.pacerelle.client.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;

import com.pacerelle.client.store.Published;
import com.pacerelle.client.store.StoreConflictException;
import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.OneTimePreKey;
import com.pacerelle.signal.SignedPreKey;
import org.jspecify.annotations.Nullable;

/**
 * Prekeys as rows of their table: id (unsigned), time of creation, public key, private
 * key, signature.
 */
final class PreKeyRows {

	static final String ONE_TIME = "ONE_TIME";

	static final String SIGNED = "SIGNED";

	static final String KYBER = "KYBER";

	private PreKeyRows() {
	}

	static void create(Statements statements, OneTimePreKey preKey, Instant createdAt) throws SQLException {
		byte[] privateKey = preKey.keyPair().encodePrivateKey();
		create(statements, ONE_TIME, preKey.id(), createdAt, null, privateKey, null);
	}

	static void create(Statements statements, SignedPreKey preKey, Instant createdAt) throws SQLException {
		byte[] privateKey = preKey.keyPair().encodePrivateKey();
		create(statements, SIGNED, preKey.id(), createdAt, null, privateKey, preKey.signature());
	}

	static void create(Statements statements, KyberPreKey preKey, Instant createdAt) throws SQLException {
		byte[] privateKey = preKey.secretKey().clone();
		create(statements, KYBER, preKey.id(), createdAt, preKey.publicKey(), privateKey, preKey.signature());
	}

	static OneTimePreKey oneTime(ResultSet row) throws SQLException {
		return new OneTimePreKey(id(row), keyPair(row));
	}

	static Published<SignedPreKey> signed(ResultSet row) throws SQLException {
		return new Published<>(new SignedPreKey(id(row), keyPair(row), row.getBytes(5)), createdAt(row));
	}

	static Published<KyberPreKey> kyber(ResultSet row) throws SQLException {
		return new Published<>(new KyberPreKey(id(row), row.getBytes(3), row.getBytes(4), row.getBytes(5)),
				createdAt(row));
	}

	private static void create(Statements statements, String kind, int id, Instant createdAt,
			byte @Nullable [] publicKey, byte[] privateKey, byte @Nullable [] signature) throws SQLException {
		try {
			if (statements.update(Sql.CREATE_PREKEY, kind, Integer.toUnsignedLong(id), createdAt.toEpochMilli(),
					publicKey, privateKey, signature) == 0) {
				throw new StoreConflictException(
						"There is a " + kind + " prekey " + Integer.toUnsignedString(id) + " already");
			}
		}
		finally {
			Arrays.fill(privateKey, (byte) 0);
		}
	}

	private static int id(ResultSet row) throws SQLException {
		return (int) row.getLong(1);
	}

	private static Instant createdAt(ResultSet row) throws SQLException {
		return Instant.ofEpochMilli(row.getLong(2));
	}

	private static EcKeyPair keyPair(ResultSet row) throws SQLException {
		byte[] privateKey = row.getBytes(4);
		try {
			return EcKeyPair.decode(privateKey);
		}
		finally {
			Arrays.fill(privateKey, (byte) 0);
		}
	}

}
