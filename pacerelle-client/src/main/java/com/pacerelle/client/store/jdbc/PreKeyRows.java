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

	static void create(Statements statements, Seal seal, OneTimePreKey preKey, Instant createdAt) throws SQLException {
		byte[] privateKey = preKey.keyPair().encodePrivateKey();
		create(statements, seal, ONE_TIME, preKey.id(), createdAt, null, privateKey, null);
	}

	static void create(Statements statements, Seal seal, SignedPreKey preKey, Instant createdAt) throws SQLException {
		byte[] privateKey = preKey.keyPair().encodePrivateKey();
		create(statements, seal, SIGNED, preKey.id(), createdAt, null, privateKey, preKey.signature());
	}

	static void create(Statements statements, Seal seal, KyberPreKey preKey, Instant createdAt) throws SQLException {
		byte[] privateKey = preKey.secretKey().clone();
		create(statements, seal, KYBER, preKey.id(), createdAt, preKey.publicKey(), privateKey, preKey.signature());
	}

	static OneTimePreKey oneTime(ResultSet row, Seal seal) throws SQLException {
		return new OneTimePreKey(id(row), keyPair(ONE_TIME, row, seal));
	}

	static Published<SignedPreKey> signed(ResultSet row, Seal seal) throws SQLException {
		return new Published<>(new SignedPreKey(id(row), keyPair(SIGNED, row, seal), row.getBytes(5)), createdAt(row));
	}

	static Published<KyberPreKey> kyber(ResultSet row, Seal seal) throws SQLException {
		return new Published<>(new KyberPreKey(id(row), row.getBytes(3), privateKey(KYBER, row, seal), row.getBytes(5)),
				createdAt(row));
	}

	private static void create(Statements statements, Seal seal, String kind, int id, Instant createdAt,
			byte @Nullable [] publicKey, byte[] privateKey, byte @Nullable [] signature) throws SQLException {
		try {
			long row = Integer.toUnsignedLong(id);
			byte[] sealed = seal.seal(SealedColumn.PREKEY, privateKey, kind, row);
			if (statements.update(Sql.CREATE_PREKEY, kind, row, createdAt.toEpochMilli(), publicKey, sealed,
					signature) == 0) {
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

	private static byte[] privateKey(String kind, ResultSet row, Seal seal) throws SQLException {
		return seal.open(SealedColumn.PREKEY, row.getBytes(4), kind, row.getLong(1));
	}

	private static EcKeyPair keyPair(String kind, ResultSet row, Seal seal) throws SQLException {
		byte[] privateKey = privateKey(kind, row, seal);
		try {
			return EcKeyPair.decode(privateKey);
		}
		finally {
			Arrays.fill(privateKey, (byte) 0);
		}
	}

}
