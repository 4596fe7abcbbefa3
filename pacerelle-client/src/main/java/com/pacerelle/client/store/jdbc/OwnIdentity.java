package com.pacerelle.client.store.jdbc;

import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;

import com.pacerelle.client.store.StoreException;
import com.pacerelle.signal.EcKeyPair;

/**
 * The identity of an agent, for the whole life of its store.
 *
 * @param keyPair the identity key pair
 * @param registrationId a number in 1..16380
 */
record OwnIdentity(EcKeyPair keyPair, int registrationId) {

	/** Of the only row. */
	private static final long ID = 1;

	private static final int MAX_REGISTRATION_ID = 16380;

	private static final int MAX_FIRST_PREKEY_ID = 1_000_000_000;

	/**
	 * Reads the identity, or creates it with the first prekey id when the store is new.
	 * @param statements run in a transaction of the caller
	 * @param seal seals the private key
	 * @param random the source of what is made
	 * @return the identity
	 * @throws SQLException if the database refuses
	 */
	static OwnIdentity load(Statements statements, Seal seal, SecureRandom random) throws SQLException {
		OwnIdentity stored = statements.first(Sql.READ_AGENT, (row) -> read(row, seal));
		if (stored != null) {
			return stored;
		}
		OwnIdentity made = new OwnIdentity(EcKeyPair.generate(random), 1 + random.nextInt(MAX_REGISTRATION_ID));
		made.store(statements, seal, 1 + random.nextInt(MAX_FIRST_PREKEY_ID));
		return made;
	}

	static boolean isStored(Statements statements) throws SQLException {
		return statements.first(Sql.READ_AGENT, (row) -> true) != null;
	}

	/**
	 * Creates the agent.
	 * @param statements run in a transaction of the caller
	 * @param seal seals the private key
	 * @param nextPreKeyId the first prekey id
	 * @throws SQLException if the database refuses
	 */
	void store(Statements statements, Seal seal, int nextPreKeyId) throws SQLException {
		byte[] privateKey = this.keyPair.encodePrivateKey();
		try {
			statements.update(Sql.CREATE_AGENT, seal.seal(SealedColumn.IDENTITY_KEY, privateKey, ID),
					this.registrationId, nextPreKeyId);
		}
		finally {
			Arrays.fill(privateKey, (byte) 0);
		}
	}

	/**
	 * Reserves consecutive prekey ids, all in 1..2^31-1.
	 * @param statements run in a transaction of the caller
	 * @param count how many, at least 1
	 * @return the first id
	 * @throws SQLException if the database refuses
	 * @throws StoreException if there are not so many ids any more
	 */
	static int reservePreKeyIds(Statements statements, int count) throws SQLException {
		Long first = statements.first(Sql.READ_NEXT_PREKEY_ID, (row) -> row.getLong(1));
		if (first == null || statements.update(Sql.ADVANCE_NEXT_PREKEY_ID, count) == 0) {
			throw new StoreException("The agent has used up its 2^31 prekey ids: move its store away."
					+ " It then gets a new identity, which people have to verify again", null);
		}
		return first.intValue();
	}

	private static OwnIdentity read(ResultSet row, Seal seal) throws SQLException {
		byte[] privateKey = seal.open(SealedColumn.IDENTITY_KEY, row.getBytes(1), ID);
		try {
			return new OwnIdentity(EcKeyPair.decode(privateKey), row.getInt(2));
		}
		finally {
			Arrays.fill(privateKey, (byte) 0);
		}
	}

	@Override
	public String toString() {
		return "OwnIdentity[registrationId=" + this.registrationId + "]";
	}

}
