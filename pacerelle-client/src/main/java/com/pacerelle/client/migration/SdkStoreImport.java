package com.pacerelle.client.migration;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.EncryptionKeys;
import com.pacerelle.client.store.InitialState;
import com.pacerelle.client.store.StoreConflictException;
import com.pacerelle.client.store.StoreException;
import com.pacerelle.client.store.StoreImportException;
import com.pacerelle.client.store.jdbc.PostgresStores;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.session.NativeSnapshot;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Moves an agent of the published Python SDK into a new store: identity, sessions, keys
 * and receipts, so that people notice nothing. The store of the SDK is only read.
 */
public final class SdkStoreImport {

	/** The agent's own file, which can have any size. */
	static final JsonMapper MAPPER = JsonMapper
		.builder(JsonFactory.builder()
			.streamReadConstraints(
					StreamReadConstraints.builder().maxNestingDepth(64).maxStringLength(Integer.MAX_VALUE).build())
			.build())
		.build();

	private static final String KIND = "pacerelle.python-agent-state";

	private static final int VERSION = 1;

	private static final Logger logger = LoggerFactory.getLogger(SdkStoreImport.class);

	private final Path file;

	private final String agentId;

	private final Clock clock;

	private SdkStoreImport(Path file, String agentId, Clock clock) {
		this.file = file;
		this.agentId = agentId;
		this.clock = clock;
	}

	/**
	 * Opens the store of an agent. One that does not exist is created with what the SDK
	 * has stored, in one transaction. One that exists stays as it is; if it has the same
	 * identity, the import was done before. The Python agent has to be stopped, and must
	 * not be started again: two agents with the same sessions would use the same message
	 * keys.
	 * @param signalDb the file of the SDK, {@code <store root>/<agent id>/signal.db}
	 * @param root the directory under which each agent has its own
	 * @param agentId the agent, the same as with the SDK
	 * @param keys the keys, or {@code null} for a store that is not encrypted
	 * @return the store
	 * @throws StoreImportException if the file is damaged, of a newer SDK, of another
	 * agent or in use, or the store that exists has another identity
	 * @throws StoreException if the store cannot be opened
	 */
	public static AgentStore open(Path signalDb, Path root, String agentId, @Nullable EncryptionKeys keys) {
		return new SdkStoreImport(signalDb.toAbsolutePath(), agentId, Clock.systemUTC())
			.open((initialState) -> SqliteAgentStore.open(root, agentId, keys, initialState));
	}

	/**
	 * Opens the store of an agent in PostgreSQL, as above.
	 * @param signalDb the file of the SDK, {@code <store root>/<agent id>/signal.db}
	 * @param stores the stores, of which the agent has one or gets one
	 * @param agentId the agent, the same as with the SDK
	 * @param keys the keys, or {@code null} for a store that is not encrypted
	 * @return the store
	 * @throws StoreImportException as above
	 * @throws StoreException if the store cannot be opened
	 */
	public static AgentStore open(Path signalDb, PostgresStores stores, String agentId, @Nullable EncryptionKeys keys) {
		return new SdkStoreImport(signalDb.toAbsolutePath(), agentId, Clock.systemUTC())
			.open((initialState) -> stores.open(agentId, keys, initialState));
	}

	private AgentStore open(Function<Supplier<InitialState>, AgentStore> opener) {
		AtomicReference<SdkState> imported = new AtomicReference<>();
		AgentStore store;
		try {
			store = opener.apply(() -> read((state) -> {
				imported.set(state);
				return state.read();
			}));
		}
		catch (StoreConflictException ex) {
			throw damaged();
		}
		SdkState state = imported.get();
		if (state != null) {
			log(state);
		}
		else {
			try {
				verifySameIdentity(store);
			}
			catch (StoreImportException ex) {
				store.close();
				throw ex;
			}
		}
		return store;
	}

	private void log(SdkState state) {
		logger.info("Imported {} from the Python SDK: sessions with {} devices of {} people. Do not start the Python"
				+ " agent with it again", this.file, state.sessions(), state.people());
		if (state.unknownPeers() > 0) {
			logger.warn("{} sessions of the Python SDK were left out, because the ids in their names cannot be told"
					+ " apart: these people have to start a new session", state.unknownPeers());
		}
	}

	private void verifySameIdentity(AgentStore store) {
		EcPublicKey identity;
		try {
			identity = read(SdkState::identity);
		}
		catch (StoreImportException ex) {
			logger.warn("Nothing is imported: the agent has a store already. {}", ex.getMessage());
			return;
		}
		if (!identity.equals(store.identityKeyPair().publicKey())) {
			throw new StoreImportException("Nothing was imported from " + this.file + ": the agent has a store already,"
					+ " with another identity (" + store + "). Move that one away to import this one", null);
		}
		logger.info("Nothing is imported from {}: that was done before", this.file);
	}

	private <T> T read(Function<SdkState, T> reader) {
		byte[] written = new SdkStoreFile(this.file).read();
		try {
			return reader.apply(parse(written));
		}
		catch (JacksonException | IllegalArgumentException ex) {
			// Their messages may repeat what was read.
			throw damaged();
		}
		catch (StoreException ex) {
			throw ex;
		}
		catch (IllegalStateException ex) {
			throw damaged();
		}
		finally {
			Arrays.fill(written, (byte) 0);
		}
	}

	private SdkState parse(byte[] written) {
		if (written.length == 0 || written[0] != '{') {
			return new SdkState(NativeSnapshot.decode(written), MAPPER.createObjectNode(), this.clock.instant());
		}
		if (!(MAPPER.readTree(written) instanceof ObjectNode fields)) {
			throw damaged();
		}
		if (!KIND.equals(fields.path("kind").stringValue("")) || fields.path("v").intValue(0) != VERSION) {
			throw new StoreImportException("The store of the Python SDK in " + this.file + " has a format that is not"
					+ " known: pacerelle 0.1.0a8 writes version " + VERSION + ". Import it with a newer release", null);
		}
		if (!this.agentId.equals(fields.path("agent_id").stringValue(""))) {
			throw new StoreImportException("The store of the Python SDK in " + this.file
					+ " is that of another agent: import the one with the agent's own id", null);
		}
		byte[] signal = Base64.getDecoder().decode(fields.path("signal_b64").stringValue(""));
		try {
			return new SdkState(NativeSnapshot.decode(signal), fields, this.clock.instant());
		}
		finally {
			Arrays.fill(signal, (byte) 0);
		}
	}

	private StoreImportException damaged() {
		return new StoreImportException("The store of the Python SDK in " + this.file + " is damaged: import a copy"
				+ " that is whole, together with its signal.db-wal", null);
	}

}
